"""Every list as CSV, Excel and paper: its page's rows, its page's rights, and a line in the trail."""

import csv
import io
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from audit.models import Entry
from schools.exports import sheets
from schools.people.models import Student
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]
LISTS = ["classes", "enrolments", "guardians", "staff", "students", "subjects", "teaching-groups"]


def read(kind: str, content: bytes) -> list[list[str]]:
    """The rows of a file, the head first."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[_word(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _word(cell: object) -> str:
    return cell.date().isoformat() if isinstance(cell, datetime) else "" if cell is None else str(cell)


def paper(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_registered_lists_are_those_of_this_page() -> None:
    assert [sheet.key for sheet in sheets.every() if sheet.key in LISTS] == LISTS


def test_a_list_says_the_same_as_csv_as_a_workbook_and_on_paper(cast: Cast, browse: Browse) -> None:
    head = browse(cast.mwangaza.head)
    expected = []
    for key in LISTS:
        rows = read("csv", head.get(f"/lists/{key}.csv").content)
        assert len(rows) > 1, key
        assert read("xlsx", head.get(f"/lists/{key}.xlsx").content) == rows
        words = paper(head.get(f"/lists/{key}.pdf").content)
        assert "Mwangaza School" in words
        for cell in rows[1][:2]:
            assert cell.split()[0] in words, key
        expected += [(key, kind, len(rows) - 1) for kind in ("csv", "xlsx", "pdf")]
    with context.in_school(cast.mwangaza.school):
        noted = [entry.changes for entry in Entry.objects.filter(action="list.exported").order_by("at")]
    assert [(e["list"], e["as"], e["rows"]) for e in noted] == expected


def test_filters_and_search_narrow_the_file_as_they_narrow_the_page(cast: Cast, browse: Browse) -> None:
    head = browse(cast.mwangaza.head)
    rows = read("csv", head.get(f"/lists/students.csv?class={cast.mwangaza.west.pk}").content)
    assert [row[0] for row in rows[1:]] == ["A2577"]
    rows = read("xlsx", head.get("/lists/guardians.xlsx?q=rose").content)
    assert [row[0] for row in rows[1:]] == ["Rose Barasa"]
    assert "“rose”" in paper(head.get("/lists/guardians.pdf?q=rose").content)


def test_the_chosen_rows_alone_leave(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.mwangaza.head).post("/lists/students.xlsx", {"chosen": [cast.mwangaza.brian.pk, "x"]})
    assert [row[0] for row in read("xlsx", answer.content)[1:]] == ["A2304"]


def test_a_teacher_takes_home_only_whom_they_teach(cast: Cast, browse: Browse) -> None:
    rows = read("csv", browse(cast.mwangaza.teacher).get("/lists/students.csv").content)
    assert sorted(row[0] for row in rows[1:]) == ["A2302", "A2304"]


@pytest.mark.parametrize("path", ["/lists/money.csv", "/lists/students.docx"])
def test_what_is_no_list_or_no_kind_of_file_is_not_found(cast: Cast, browse: Browse, path: str) -> None:
    assert browse(cast.mwangaza.head).get(path).status_code == 404
    with context.in_school(cast.mwangaza.school):
        assert not Entry.objects.filter(action="list.exported").exists()


def test_a_name_that_looks_like_a_formula_or_like_markup_stays_a_name(cast: Cast, browse: Browse) -> None:
    with context.in_school(cast.mwangaza.school):
        Student.objects.create(first_name="=1+1", last_name="#eval(1) *x* $y$ \\", admission_number="A9")
    head = browse(cast.mwangaza.head)
    rows = read("csv", head.get("/lists/students.csv?q=A9").content)
    assert rows[1][1] == "'=1+1"
    sheet = load_workbook(io.BytesIO(head.get("/lists/students.xlsx?q=A9").content)).active
    assert sheet is not None
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")
    words = paper(head.get("/lists/students.pdf?q=A9").content)
    assert "#eval(1) *x* $y$ \\" in " ".join(words.split())


def test_more_rows_cost_no_more_questions(cast: Cast, browse: Browse) -> None:
    head = browse(cast.mwangaza.head)

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            head.get("/lists/students.xlsx")
        return len(asked)

    questions()
    few = questions()
    with context.in_school(cast.mwangaza.school):
        for number in range(20):
            Student.objects.create(first_name="Ann", last_name=f"Number {number}", admission_number=f"B{number}")
    assert questions() == few
