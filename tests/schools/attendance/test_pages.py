"""The register in a browser without script: what it shows, saves, refuses, and what it weighs."""

import gzip
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from schools.academics.models import Enrolment
from schools.attendance.models import AttendanceMark, Register
from schools.people.models import Student
from tenants import context
from tests.cast import TODAY, Cast, Company

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 16, 5, 24, tzinfo=UTC)
HEAVIEST = 25 * 1024
Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def _tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday 16 June 2026, 8:24 in Nairobi."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def address(company: Company, day: str = "2026-06-16", west: bool = False) -> str:
    return f"/attendance/{(company.west if west else company.east).pk}/{day}/"


def rows(company: Company) -> dict[str, str]:
    with context.in_school(company.school):
        return {m.student.first_name: m.code for m in AttendanceMark.objects.select_related("student")}


def fill(company: Company, number: int) -> None:
    """Enrol more learners in Grade 6 East."""
    with context.in_school(company.school):
        for n in range(number):
            student = Student.objects.create(
                first_name=f"Learner{n}", last_name="Wanjiku Kamau", admission_number=f"X{n}"
            )
            Enrolment.objects.create(student=student, school_class=company.east, starts_on=date(2026, 1, 5))


def test_the_register_shows_the_roll_with_native_radios(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    page = browse(school.teacher).get(address(school)).content.decode()
    for student in (school.amani, school.brian):
        assert len(re.findall(f'type="radio" name="mark-{student.pk}"', page)) == 4
        assert f'name="reason-{student.pk}" value="sick"' in page
        assert f'name="late-{student.pk}"' in page
    assert "Zawadi" not in page
    assert "Mark 2 present" in page


def test_a_plain_post_saves_and_leads_back(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    browser = browse(school.teacher)
    answer = browser.post(
        address(school),
        {
            f"mark-{school.amani.pk}": "L", f"late-{school.amani.pk}": "22", f"reason-{school.amani.pk}": "sick",
            f"mark-{school.brian.pk}": "A", f"reason-{school.brian.pk}": "sick", f"late-{school.brian.pk}": "9",
        },
    )  # fmt: skip
    assert (answer.status_code, answer["Location"]) == (302, address(school))
    with context.in_school(school.school):
        amani, brian = (AttendanceMark.objects.get(student=s) for s in (school.amani, school.brian))
        assert (amani.code, amani.minutes_late, amani.reason) == ("L", 22, None)
        assert (brian.code, brian.minutes_late, brian.reason) == ("A", None, school.sick)
    page = browser.get(address(school)).content.decode()
    assert "Sent to the school" in page
    assert "Wanjiru Kamau, 08:24" in page
    assert 'data-n="L">1</b>' in page
    assert 'data-n="A">1</b>' in page


def test_a_late_learner_gets_the_minutes_of_the_pressed_chip_else_of_the_field(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    browser = browse(school.teacher)
    page = browser.get(address(school)).content.decode()
    assert re.findall(f'name="soon-{school.amani.pk}" value="([a-z0-9]+)"', page) == ["5", "10", "20", "30", "other"]
    posted = {
        f"mark-{school.amani.pk}": "L", f"soon-{school.amani.pk}": "20", f"late-{school.amani.pk}": "7",
        f"mark-{school.brian.pk}": "L", f"soon-{school.brian.pk}": "other", f"late-{school.brian.pk}": "7",
    }  # fmt: skip
    assert browser.post(address(school), posted).status_code == 302
    with context.in_school(school.school):
        minutes = {mark.student_id: mark.minutes_late for mark in AttendanceMark.objects.all()}
    assert minutes == {school.amani.pk: 20, school.brian.pk: 7}
    page = browser.get(address(school)).content.decode()
    assert f'name="soon-{school.amani.pk}" value="20" checked' in page
    assert f'name="soon-{school.brian.pk}" value="other" checked' in page
    assert re.search(f'name="late-{school.brian.pk}"[^>]* value="7"', page)


def test_the_rest_are_marked_present_without_script(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    posted = {f"mark-{school.brian.pk}": "A", "rest": "present"}
    assert browse(school.teacher).post(address(school), posted).status_code == 302
    assert rows(school) == {"Amani": "P", "Brian": "A"}


def test_the_same_post_twice_is_one_save(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    browser, posted = browse(school.teacher), {"rest": "present", "version": ""}
    assert [browser.post(address(school), posted).status_code for _n in range(2)] == [302, 302]
    assert rows(school) == {"Amani": "P", "Brian": "P"}


def test_a_newer_save_of_somebody_else_is_shown_and_may_be_overruled(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    browse(school.head).post(address(school), {f"mark-{school.amani.pk}": "L"})
    posted = {f"mark-{school.amani.pk}": "A", "version": ""}
    answer = browse(school.teacher).post(address(school), posted)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Jane Njeri saved this register" in page
    assert "Jane Njeri: Late" in page
    assert rows(school) == {"Amani": "L"}
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    again = browse(school.teacher).post(address(school), {**posted, "version": version[1]})
    assert again.status_code == 302
    assert rows(school) == {"Amani": "A"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"mark-{amani}": "X"},
        {"mark-{amani}": ""},
        {"mark-{amani}": "P" * 10_000},
        {"mark-{amani}": "\0"},
        {"mark-{zawadi}": "P"},
        {"mark-{foreign}": "P"},
        {"mark-nobody": "P"},
        {"mark-": "P"},
        {"mark-" + "9" * 900: "P"},
        {"mark-{amani}": "A", "reason-{amani}": "aliens"},
        {"mark-{amani}": "A", "reason-{amani}": "\0"},
        {"mark-{amani}": "L", "late-{amani}": "-5"},
        {"mark-{amani}": "L", "late-{amani}": "601"},
        {"mark-{amani}": "L", "late-{amani}": "NaN"},
        {"mark-{amani}": "L", "late-{amani}": "1e9"},
        {"mark-{amani}": "L", "late-{amani}": "9" * 5000},
        {"mark-{amani}": "L", "late-{amani}": "٥"},
    ],
)
def test_wrong_input_is_a_page_that_says_so_and_saves_nothing(
    cast: Cast, browse: Browse, wrong: dict[str, str]
) -> None:
    school = cast.mwangaza
    names = {"amani": school.amani.pk, "zawadi": school.zawadi.pk, "foreign": cast.baraka.amani.pk}
    posted = {key.format(**names): value for key, value in wrong.items()}
    answer = browse(school.teacher).post(address(school), {**posted, f"mark-{school.brian.pk}": "P"})
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.content.decode()
    assert rows(school) == {}


@pytest.mark.parametrize(
    "day", ["2026-13-01", "2026-02-30", "0000-00-00", "2026-6-1", "today", "20260616", "9999-12-31", "٢٠٢٦-٠٦-١٦"]
)
def test_what_is_no_day_is_404(cast: Cast, browse: Browse, day: str) -> None:
    assert browse(cast.mwangaza.teacher).get(address(cast.mwangaza, day)).status_code == 404


@pytest.mark.parametrize(("day", "words"), [("2026-06-17", "before its day"), ("2026-06-14", "not a school day")])
def test_a_day_that_takes_no_register_says_why(cast: Cast, browse: Browse, day: str, words: str) -> None:
    school = cast.mwangaza
    browser = browse(school.teacher)
    shown = browser.get(address(school, day))
    assert (shown.status_code, words in shown.content.decode()) == (200, True)
    answer = browser.post(address(school, day), {"rest": "present"})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    with context.in_school(school.school):
        assert Register.objects.count() == 0


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_error(cast: Cast, browse: Browse, day: str) -> None:
    assert browse(cast.mwangaza.teacher).get(address(cast.mwangaza, day)).status_code in (200, 404)
    assert browse(cast.mwangaza.head).get(f"/attendance/?date={day}").status_code == 200


@pytest.mark.parametrize(
    ("query", "path"),
    [("date=nonsense", ""), ("date=2026-02-31&session=x", ""), ("session=%00", ""), ("month=99", "c"),
     ("month=0000-01", "c"), ("month=9999-12", "c"), ("month=2026-06", "c")],
)  # fmt: skip
def test_odd_questions_are_answered(cast: Cast, browse: Browse, query: str, path: str) -> None:
    where = f"/attendance/{cast.mwangaza.east.pk}/" if path else "/attendance/"
    assert browse(cast.mwangaza.head).get(f"{where}?{query}").status_code == 200


def test_another_class_another_school_and_nothing_are_404(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    browser = browse(school.teacher)
    for pk in (school.west.pk, cast.baraka.east.pk, uuid.uuid4()):
        assert browser.get(f"/attendance/{pk}/2026-06-16/").status_code == 404
        assert browser.post(f"/attendance/{pk}/2026-06-16/", {"rest": "present"}).status_code == 404
        assert browser.get(f"/attendance/{pk}/").status_code == 404
    assert rows(school) == {}


@pytest.mark.parametrize(
    ("role", "status"),
    [("head", 200), ("registrar", 200), ("teacher", 200), ("bursar", 403), ("guardian", 403), ("student", 403)],
)
def test_who_opens_registers(cast: Cast, browse: Browse, role: str, status: int) -> None:
    browser = browse(cast.mwangaza.roles[role])
    assert browser.get("/attendance/").status_code == status
    assert browser.get(address(cast.mwangaza)).status_code == status


def test_the_office_sees_every_class_and_which_registers_are_missing(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    browse(school.teacher).post(address(school), {"rest": "present"})
    page = browse(school.head).get("/attendance/").content.decode()
    assert "1 of 2 registers in" in page
    assert "Grade 6 East: 100 % present" in page
    assert "Grade 6 West: register missing" in page
    teachers = browse(school.teacher).get("/attendance/").content.decode()
    assert address(school) in teachers
    assert address(school, west=True) not in teachers


def test_a_register_of_40_weighs_at_most_25_kb(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    fill(school, 38)
    browser = browse(school.teacher)
    browser.post(address(school), {"rest": "present"})
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        answer = browser.get(address(school), headers={"Accept-Encoding": encoding})
        assert answer["Content-Encoding"] == encoding
        assert unpack(answer.content).count(b'class="P"') == 40
        assert len(answer.content) <= HEAVIEST


@pytest.mark.parametrize("path", ["register", "day", "history", "save"])
def test_the_number_of_queries_does_not_grow_with_the_roll(cast: Cast, browse: Browse, path: str) -> None:
    school = cast.mwangaza
    browser = browse(school.teacher)

    def ask() -> int:
        where = {"day": "/attendance/", "history": f"/attendance/{school.east.pk}/"}.get(path, address(school))
        with CaptureQueriesContext(connection) as queries:
            if path == "save":
                with context.in_school(school.school):
                    Register.objects.all().delete()
                browser.post(where, {"rest": "present"})
            else:
                browser.get(where)
        return len(queries)

    browser.post(address(school), {"rest": "present"})
    ask()
    few = ask()
    fill(school, 20)
    browser.post(address(school), {"rest": "present"})
    assert ask() == few


def test_a_family_sees_its_own_child_on_the_home_page(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    browse(school.teacher).post(address(school), {f"mark-{school.amani.pk}": "A", f"reason-{school.amani.pk}": "sick"})
    guardian = browse(school.guardian).get(f"/?child={school.amani.pk}").content.decode()
    assert "Amani is marked absent today" in guardian
    assert "Tuesday Absent" in guardian
    assert "Brian" not in guardian
    assert "You are marked absent today" in browse(school.student).get("/").content.decode()


def test_a_teachers_home_offers_the_register_that_is_due(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    before = browse(school.teacher).get("/").content.decode()
    assert "Take the register" in before
    assert address(school) in before
    browse(school.teacher).post(address(school), {"rest": "present"})
    assert "Take the register" not in browse(school.teacher).get("/").content.decode()


def test_attendance_stands_in_the_student_list_and_the_profile(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    browse(school.teacher).post(address(school), {f"mark-{school.amani.pk}": "A", f"mark-{school.brian.pk}": "P"})
    browser: Any = browse(school.head)
    low = browser.get("/students/?attendance=low").content.decode()
    assert ("Amani" in low, "Brian" in low) == (True, False)
    assert browser.get("/students/?sort=attendance").status_code == 200
    tab = browser.get(f"/students/{school.amani.pk}/attendance/").content.decode()
    assert "0 of 1 days" in tab
