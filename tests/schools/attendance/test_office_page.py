"""The office's page: who was not simply present, both codes side by side, one save for all."""

from collections.abc import Callable

from django.test import Client

from core import clock
from schools.attendance import services
from schools.attendance.models import AttendanceCode, AttendanceMark
from tenants import context
from tests.cast import TODAY, Cast

Browse = Callable[..., Client]
DAY = {"date": "2026-06-16", "session": "morning"}


def mark(cast: Cast, code: str) -> None:
    with context.in_school(cast.mwangaza.school):
        services.take(
            school_class=cast.mwangaza.east, date=TODAY, session="morning", by=cast.mwangaza.teacher, at=clock.now(),
            marks=[{"student": cast.mwangaza.amani.pk, "code": code}, {"student": cast.mwangaza.brian.pk, "code": "P"}],
        )  # fmt: skip


def test_who_is_away_stands_there_with_the_teachers_code(cast: Cast, browse: Browse) -> None:
    mark(cast, "A")
    page = browse(cast.mwangaza.registrar).get("/attendance/office/", DAY).text
    assert "Amani" in page and "<td>Absent</td>" in page
    assert "Brian" not in page


def test_a_save_puts_the_offices_codes_and_shows_both(cast: Cast, browse: Browse) -> None:
    mark(cast, "A")
    company = cast.mwangaza
    client = browse(company.registrar)
    answer = client.post(
        "/attendance/office/",
        {
            **DAY,
            f"code-{company.amani.pk}": "LEFT",
            f"left-{company.amani.pk}": "10:30",
            f"code-{company.brian.pk}": "",
        },
    )
    assert answer.status_code == 302
    with context.in_school(company.school):
        rows = AttendanceMark.objects.values_list("student__first_name", "code", "teacher_code", "by_office")
        assert set(rows) == {("Amani", "P", "A", True), ("Brian", "P", "", False)}
    page = client.get("/attendance/office/", DAY).text
    assert "<td>Absent</td>" in page and 'value="10:30"' in page and "Take back" in page


def test_the_teachers_register_says_what_the_office_said(cast: Cast, browse: Browse) -> None:
    mark(cast, "A")
    company = cast.mwangaza
    browse(company.registrar).post("/attendance/office/", {**DAY, f"code-{company.amani.pk}": "MED"})
    page = browse(company.teacher).get(f"/attendance/{company.east.pk}/2026-06-16/").text
    assert "The office has said Doctor or hospital at" in page
    assert f'name="mark-{company.amani.pk}" value="A" aria-label="Absent" checked' in page


def test_a_learner_is_found_to_put_a_code_on(cast: Cast, browse: Browse) -> None:
    page = browse(cast.mwangaza.registrar).get("/attendance/office/", {**DAY, "find": "Brian"}).text
    assert f'name="code-{cast.mwangaza.brian.pk}"' in page
    assert "Amani" not in page


def test_one_wrong_row_saves_none_and_says_which(cast: Cast, browse: Browse) -> None:
    mark(cast, "A")
    company = cast.mwangaza
    answer = browse(company.registrar).post(
        "/attendance/office/",
        {**DAY, f"code-{company.amani.pk}": "E", f"code-{company.zawadi.pk}": "P", f"left-{company.amani.pk}": "25:99"},
    )
    assert answer.status_code == 400
    assert "Type the time as 14:30." in answer.text
    answer = browse(company.registrar).post(
        "/attendance/office/", {**DAY, f"code-{company.amani.pk}": "E", f"minutes-{company.amani.pk}": "5"}
    )
    assert answer.status_code == 400 and "Minutes belong to late." in answer.text
    with context.in_school(company.school):
        assert AttendanceMark.objects.filter(by_office=True).count() == 0


def test_a_code_is_added_and_offered(cast: Cast, browse: Browse) -> None:
    client = browse(cast.mwangaza.head)
    answer = client.post(
        "/attendance/codes/new/",
        {"code": "CHOIR", "name": "Choir", "counts_as": "P", "direction": "in", "scope": "onsite", "order": "11"},
    )
    assert answer.status_code == 400 and "at most 4 characters" in answer.text
    answer = client.post(
        "/attendance/codes/new/",
        {"code": "SING", "name": "Choir", "counts_as": "P", "direction": "in", "scope": "onsite", "order": "11",
         "is_active": "on", "roles": ["head", "teacher"]},
    )  # fmt: skip
    assert answer.status_code == 302
    with context.in_school(cast.mwangaza.school):
        assert AttendanceCode.objects.get(code="SING").roles == ["head", "teacher"]
    assert "Head teacher, Teacher" in client.get("/attendance/codes/").text


def test_another_schools_mark_is_not_there(cast: Cast, browse: Browse) -> None:
    with context.in_school(cast.baraka.school):
        services.say(
            school_class=cast.baraka.east, date=TODAY, session="morning", by=cast.baraka.head, at=clock.now(),
            marks=[{"student": cast.baraka.amani.pk, "code": "E"}],
        )  # fmt: skip
        theirs = AttendanceMark.objects.get().pk
    answer = browse(cast.mwangaza.registrar).post(f"/attendance/office/{theirs}/take-back/")
    assert answer.status_code == 404
