"""Files that are not what they seem: each refused with a sentence that names what is wrong, and nothing is kept."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schools.imports import reading
from schools.imports.models import Run
from schools.imports.reading.table import Unreadable
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]


def workbook(rows: list[list[Any]], **more: bytes) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return with_parts(held.getvalue(), {name.replace("__", "/"): part for name, part in more.items()})


def with_parts(content: bytes, parts: dict[str, bytes], *, without: str = "") -> bytes:
    """The same package with parts replaced or added."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name != without:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return held.getvalue()


GOOD = workbook([["Adm", "Name"], ["A1", "Ann"]])
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(inside: str, before: str = "") -> bytes:
    return with_parts(
        GOOD,
        {SHEET: f'<?xml version="1.0"?>{before}<worksheet {MAIN}><sheetData>{inside}</sheetData></worksheet>'.encode()},
    )


BILLION = (
    "<!DOCTYPE w [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
CELL = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "nothing in it": ("a.csv", b"", "The file is empty."),
    "blank lines only": ("a.csv", b"\n\n ,\n", "The file is empty."),
    "a head alone": ("a.csv", b"Adm,Name\n", "The file has a head and no rows under it."),
    "a byte-order mark alone": ("a.csv", b"\xef\xbb\xbf", "The file is empty."),
    "NUL": ("a.csv", b"Adm,Name\nA1,An\0n\n", "Row 2 holds a NUL character: this is not a CSV file."),
    "binary": ("a.csv", b"\x89PNG\r\n\x1a\n\x01\x02" * 30, "this is not a CSV file"),
    "letters of no encoding": ("a.csv", b"Adm,Name\nA1,\x81\x8d\xff\n", "The letters of this file cannot be read."),
    "open quotation marks": ("a.csv", b'Adm,Name\nA1,"Ann\nA2,Tom\n', "The quotation marks of row 2 do not close"),
    "too many columns": ("a.csv", b"a," * 101 + b"b\n1\n", "more than 100 columns"),
    "a million columns": ("a.csv", b"," * 1_000_000 + b"\nA1\n", "more than 100 columns"),
    "a million named columns": ("a.csv", b"x," * 1_000_000 + b"\nA1\n", "Row 1 has more than 100 columns."),
    "too many rows": ("a.csv", b"Adm\n" + b"1\n" * 20_001, "The file has more than 20,000 rows."),
    "a long cell": ("a.csv", b"Adm,Name\nA1," + b"x" * 2_001 + b"\n", "Row 2, column 2 has more than 2,000"),
    "a cell beyond csv's own limit": ("a.csv", b"Adm,Name\nA1," + b"x" * 140_000 + b"\n", "Row 2"),
    "more than 12 MB": ("a.csv", b"Adm,Name\n" + b"A1,Ann\n" * 1_800_000, "The file has more than 12 MB."),
    "a workbook called CSV": ("a.csv", GOOD, "The name ends in .csv, but this is a workbook or an archive."),
    "CSV called a workbook": ("a.xlsx", b"Adm,Name\nA1,Ann\n", "this is no Excel workbook"),
    "a picture": ("a.png", b"\x89PNG", "Choose a CSV file or an Excel workbook (.xlsx)."),
    "no ending": ("roll", b"Adm\nA1\n", "Choose a CSV file or an Excel workbook (.xlsx)."),
    "macros by name": ("a.xlsm", GOOD, "Workbooks with macros are not opened."),
    "macros inside": ("a.xlsx", with_parts(GOOD, {"xl/vbaProject.bin": b"x"}), "Workbooks with macros are not opened."),
    "old Excel": ("a.xls", OLE, ".xls files cannot be read."),
    "a password": ("a.xlsx", OLE, "This workbook has a password, or is of the old .xls kind."),
    "cut off": ("a.xlsx", GOOD[: len(GOOD) // 2], "The workbook is damaged or cut off."),
    "a damaged part": ("a.xlsx", GOOD.replace(b"\x00\x00\x08\x00", b"\x00\x00\x63\x00"), "damaged or cut off"),
    "an empty workbook": ("a.xlsx", workbook([]), "The workbook is empty."),
    "a document": ("a.xlsx", with_parts(GOOD, {"word/document.xml": b"x"}, without="xl/workbook.xml"), "no Excel"),
    "a bomb": ("a.xlsx", with_parts(GOOD, {"xl/media/x": b"\0" * 30_000_000}), "far larger inside than outside"),
    "many small bombs": (
        "a.xlsx",
        with_parts(GOOD, {f"xl/media/{n}": b"\0" * 900_000 for n in range(80)}),
        "far larger inside than outside",
    ),
    "entities that grow": ("a.xlsx", sheet(CELL.format(1, "&i;"), BILLION), "The workbook is damaged or cut off."),
    "entities from outside": ("a.xlsx", sheet(CELL.format(1, "&x;"), OUTSIDE), "The workbook is damaged or cut off."),
    "a column of a million": (
        "a.xlsx",
        sheet('<row r="1"><c r="BDWGN1"><v>1</v></c></row>' + CELL.format(2, "x")),
        "The sheet has more than 100 columns.",
    ),
    "101 columns": ("a.xlsx", workbook([["x"] * 101, ["y"] * 101]), "Row 1 has more than 100 columns."),
    "a row beyond every sheet": ("a.xlsx", sheet(CELL.format(1, "Adm") + CELL.format(99_999_999, "x")), "damaged"),
    "a long cell in a workbook": ("a.xlsx", workbook([["Adm"], ["x" * 2_001]]), "Row 2, column 1 has more than 2,000"),
    "no sheet data": ("a.xlsx", with_parts(GOOD, {SHEET: b"<not xml"}), "The workbook is damaged or cut off."),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_what_is_wrong(what: str) -> None:
    name, content, words = HOSTILE[what]
    with pytest.raises(Unreadable) as refused:
        reading.read(name, content)
    assert words in refused.value.message
    assert refused.value.status == 422


def test_the_page_says_it_keeps_nothing_and_never_breaks(cast: Cast, browse: Browse) -> None:
    registrar = browse(cast.mwangaza.registrar)
    for what, (name, content, words) in HOSTILE.items():
        answer = registrar.post(
            "/imports/new/", {"file": SimpleUploadedFile(name, content), "mode": "insert", "academics-school_class": ""}
        )
        assert answer.status_code == 400, what
        assert words.split("“")[0] in answer.content.decode().replace("&#x27;", "'"), what
    with context.in_school(cast.mwangaza.school):
        assert Run.objects.count() == 0


def test_an_odd_name_of_a_file_harms_nobody(cast: Cast, browse: Browse) -> None:
    registrar = browse(cast.mwangaza.registrar)
    for name in ("../../etc/passwd.csv", "a" * 199 + ".csv", "<script>alert(1)</script>.csv", "rol\u202el.csv"):
        answer = registrar.post(
            "/imports/new/", {"file": SimpleUploadedFile(name, b"Adm,Name\nA1,Ann\n"), "mode": "insert",
                              "academics-school_class": ""},
        )  # fmt: skip
        assert answer.status_code in (302, 400), name
        if answer.status_code == 302:
            assert b"<script>alert" not in registrar.get(answer["Location"]).content


def test_formulas_are_seen_and_never_calculated() -> None:
    table = reading.read("a.xlsx", workbook([["Adm", "Name"], ["A1", '=HYPERLINK("http://x","y")'], ["A2", "Tom"]]))
    assert [line.formulas for line in table.lines] == [[1], []]
    assert table.lines[0].cells[1].startswith("=HYPERLINK")
    table = reading.read("a.csv", b'Adm,Name\nA1,"=1+1"\nA2,@SUM(A1)\nA3,+cmd|x\nA4,+254722418093\nA5,-3\nA6,-\n')
    assert [line.formulas for line in table.lines] == [[1], [1], [1], [], [], []]
