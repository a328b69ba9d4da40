"""Files as spreadsheets write them: every separator, every encoding, and the same text back."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.imports import reading
from schools.imports.reading import text
from web import csvfile

ROWS = "Adm,Name\nA1,Zoë Ng’ang’a\nA2,Tom\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encodings_that_excel_writes(encoding: str, said: str) -> None:
    table = reading.read("roll.csv", ROWS.encode(encoding))
    assert table.header == ["Adm", "Name"]
    assert table.lines[0].cells == ["A1", "Zoë Ng’ang’a"]
    assert table.source == f"CSV, {said}"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separators_that_spreadsheets_use(separator: str) -> None:
    content = separator.join(["Adm", "Name", "Note"]) + "\r\n" + separator.join(["A1", "Ann", '"a, b; c"']) + "\r\n"
    table = reading.read("roll.csv", content.encode())
    assert table.header == ["Adm", "Name", "Note"]
    assert table.lines[0].cells == ["A1", "Ann", "a, b; c"]


def test_a_file_that_names_its_separator() -> None:
    table = reading.read("roll.csv", b"sep=;\r\nAdm;Name\r\nA1;Ann\r\n")
    assert (table.header, table.lines[0].cells, table.lines[0].number) == (["Adm", "Name"], ["A1", "Ann"], 3)


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    table = reading.read("roll.csv", b'\nAdm,Name\n\nA1,"two\nlines"\n,\nA2,Tom\n')
    assert [(line.number, line.cells) for line in table.lines] == [(4, ["A1", "two\nlines"]), (6, ["A2", "Tom"])]


def test_columns_without_a_name_or_with_the_same_get_their_own() -> None:
    table = reading.read("roll.csv", b"Name,,Name\nAnn,x,y\n")
    assert table.header == ["Name", "Column B", "Name (2)"]


def test_a_workbook_reads_as_a_person_would_type_it() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"  # type: ignore[union-attr]
    roll = book.create_sheet("Roll 2026")
    roll.append(["Adm", "Born", "Score", "Phone", "Paid", "At"])
    roll.append([7, date(2015, 3, 4), 41.5, 722418093, True, datetime(2015, 3, 4, 8, 30)])  # noqa: DTZ001 - a sheet knows no zone
    roll.append([None] * 6)
    roll.append(["A2", None, 1e-5, "0722", False, None])
    held = io.BytesIO()
    book.save(held)
    table = reading.read("roll.xlsx", held.getvalue())
    assert table.source == "Excel, Roll 2026"
    assert [(line.number, line.cells) for line in table.lines] == [
        (2, ["7", "2015-03-04", "41.5", "722418093", "TRUE", "2015-03-04 08:30:00"]),
        (4, ["A2", "", "0.00001", "0722", "FALSE", ""]),
    ]


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=40)


@given(
    st.lists(
        st.lists(CELLS, min_size=4, max_size=4).filter(lambda r: any(c.strip() for c in r)), min_size=1, max_size=8
    )
)
def test_what_is_written_safely_is_read_back_exactly(rows: list[list[str]]) -> None:
    head = ["Admission number", "First name", "Last name", "Class"]
    written = csvfile.BOM + csvfile.lines([head]) + _lines(rows)
    table = reading.read("students.csv", written.encode())
    assert table.header == head
    assert [line.cells for line in table.lines] == rows
    assert all(not line.formulas for line in table.lines)


def _lines(rows: list[list[str]]) -> str:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows([[text.safe(cell) for cell in row] for row in rows])
    return out.getvalue()
