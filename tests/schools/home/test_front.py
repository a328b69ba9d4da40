"""The home page: a head for each role, a guardian's children, and what to do while there is nothing."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audit import recording as audit
from core import clock
from identity import accounts, roles
from identity.models import User
from schools.academics import services as academics
from schools.academics.models import Term
from schools.attendance.models import AttendanceMark, Register
from schools.home import today
from schools.people.models import Guardianship, Student
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]
NAIROBI = ZoneInfo("Africa/Nairobi")
MORNING = datetime(2026, 6, 16, 8, 52, tzinfo=NAIROBI)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    """Tuesday 16 June 2026, 8:52, in week eight of the second term."""
    with patch.object(clock, "now", lambda: MORNING), patch.object(clock, "today", lambda: MORNING.date()):
        yield


def _html(client: Client, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", ["head", "registrar", "bursar"])
def test_the_office_opens_a_desk_with_the_date_the_week_and_its_learners(browse: Browse, cast: Cast, role: str) -> None:
    html = _html(browse(cast.mwangaza.roles[role]))
    assert "<h1>Tuesday 16 June, 8:52</h1>" in html
    assert '<p class="meta">Term 2, week 8 of 14 · 3 learners</p>' in html


def test_a_teacher_is_greeted_under_the_date_and_the_week(browse: Browse, cast: Cast) -> None:
    html = _html(browse(cast.mwangaza.teacher))
    assert '<p class="meta">Tuesday 16 June · Term 2, week 8</p><h1>Good morning, Wanjiru</h1>' in html


@pytest.mark.parametrize(("role", "name"), [("guardian", "Rose"), ("student", "Amani")])
def test_families_are_greeted_under_the_date(browse: Browse, cast: Cast, role: str, name: str) -> None:
    html = _html(browse(cast.mwangaza.roles[role]))
    assert f'<p class="meta">Tuesday 16 June</p><h1>Good morning, {name}</h1>' in html


@pytest.mark.parametrize(
    ("hour", "greeting"), [(0, "morning"), (11, "morning"), (12, "afternoon"), (16, "afternoon"), (17, "evening")]
)
def test_the_greeting_follows_the_schools_clock(cast: Cast, hour: int, greeting: str) -> None:
    with context.in_school(cast.mwangaza.school), translation.override("en"):
        at = datetime(2026, 6, 16, hour, 5, tzinfo=NAIROBI)
        assert today.head_for(cast.mwangaza.guardian, at).title == f"Good {greeting}, Rose"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 4, 27), ["Term 2, week 1 of 14"]),
        (date(2026, 6, 9), ["Term 2, week 7 of 14"]),
        (date(2026, 6, 16), ["Term 2, week 8 of 14", "half-term in 8 days"]),
        (date(2026, 6, 23), ["Term 2, week 9 of 14", "half-term in 1 day"]),
        (date(2026, 6, 25), ["Term 2, week 9 of 14", "half-term until Sunday 28 June"]),
        (date(2026, 7, 31), ["Term 2, week 14 of 14", "closes today"]),
        (date(2026, 7, 21), ["Term 2, week 13 of 14", "closes in 10 days"]),
        (date(2026, 8, 3), ["Holidays", "Term 3 opens on Monday 24 August"]),
        (date(2026, 12, 1), ["No term is planned"]),
    ],
)
def test_the_calendar_is_told_in_a_few_words(cast: Cast, day: date, said: list[str]) -> None:
    with context.in_school(cast.mwangaza.school), translation.override("en"):
        Term.objects.filter(pk=cast.mwangaza.term.pk).update(
            half_term_starts_on=date(2026, 6, 24), half_term_ends_on=date(2026, 6, 28)
        )
        assert today.term_facts(day) == said


def test_who_reads_kiswahili_is_greeted_in_it(browse: Browse, cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        User.objects.filter(pk=cast.mwangaza.guardian.pk).update(language="sw")
    assert "<h1>Habari ya asubuhi, Rose</h1>" in _html(browse(cast.mwangaza.guardian))


def test_a_guardian_sees_each_child_with_its_class_and_chooses_one(browse: Browse, cast: Cast) -> None:
    company = cast.mwangaza
    with context.in_school(company.school):
        register = Register.objects.create(
            school_class=company.east, date=MORNING.date(), session="morning", status="taken"
        )
        AttendanceMark.objects.create(
            register=register, student=company.amani, code="P", marked_by=company.teacher, marked_at=MORNING
        )
    client = browse(company.guardian)
    html = _html(client)
    assert html.count('href="?child=') == 2
    assert f'href="?child={company.amani.pk}" aria-current="page"' in html
    assert "Grade 6 East" in html and "Grade 6 West" in html and "At school" in html
    chosen = _html(client, f"/?child={company.zawadi.pk}")
    assert f'href="?child={company.zawadi.pk}" aria-current="page"' in chosen
    assert f'href="?child={company.amani.pk}" aria-current="page"' not in chosen


@pytest.mark.parametrize("asked", ["x", "' or 1=1", "00000000-0000-0000-0000-000000000000", "%00"])
def test_a_child_that_is_none_of_theirs_falls_back_to_the_first(browse: Browse, cast: Cast, asked: str) -> None:
    html = _html(browse(cast.mwangaza.guardian), f"/?child={asked}")
    assert f'href="?child={cast.mwangaza.amani.pk}" aria-current="page"' in html


def test_another_familys_child_is_never_shown(browse: Browse, cast: Cast) -> None:
    html = _html(browse(cast.mwangaza.guardian), f"/?child={cast.mwangaza.brian.pk}")
    assert "Brian" not in html and f'href="?child={cast.mwangaza.amani.pk}" aria-current="page"' in html


def test_a_child_that_the_guardian_may_not_see_is_left_out(browse: Browse, cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        Guardianship.objects.filter(student=cast.mwangaza.amani).update(sees_portal=False)
        Student.objects.filter(pk=cast.mwangaza.zawadi.pk).update(status="left")
    html = _html(browse(cast.mwangaza.guardian))
    assert "?child=" not in html


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (roles.TEACHER, "You have no class yet. The office gives you one; then its register shows here."),
        (roles.GUARDIAN, "No child is tied to your account yet. Ask the school office to do it."),
        (roles.STUDENT, "Nothing waits for you today. What concerns you shows here as it comes in."),
    ],
)
def test_who_has_nothing_yet_reads_what_comes_next(browse: Browse, cast: Cast, role: str, said: str) -> None:
    with context.in_school(cast.mwangaza.school):
        user = accounts.create(username="new", full_name="New Person", roles=[role], by=None, at=MORNING)
    with patch("web.tiles._tiles", {}):
        html = _html(browse(user, school=cast.mwangaza.school))
    assert "All quiet" in html and said in html and 'href="/account/"' in html


def test_an_unfinished_school_reads_what_is_still_to_do_and_a_finished_one_does_not(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.registrar)
    assert "Before the first register" not in _html(client)
    with context.in_school(cast.mwangaza.school):
        User.objects.filter(roles__contains=[roles.TEACHER]).update(roles=[])
    html = _html(client)
    assert "Before the first register" in html
    assert html.count('<li class="done">') == 3 and html.count('<li class="todo">') == 1
    assert 'href="/staff/">Add teachers</a>' in html


def test_the_front_of_another_school_is_its_own(browse: Browse, cast: Cast) -> None:
    html = _html(browse(cast.baraka.guardian))
    assert "Fatuma" in html and "Halima" in html and "Amani" not in html


def test_the_rail_says_in_which_week_of_the_term_the_school_is(
    browse: Browse, cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    client = browse(cast.mwangaza.head)
    assert "</b>Term 2, week 8</span>" in _html(client)
    with context.in_school(cast.mwangaza.school), django_capture_on_commit_callbacks(execute=True):
        term = Term.objects.get(starts_on__lte=MORNING.date(), ends_on__gte=MORNING.date())
        academics.change_term(term=term, name="Second term", by=cast.mwangaza.head, at=MORNING)
    assert "</b>Second term, week 8</span>" in _html(client)
    with patch.object(clock, "today", lambda: date(2026, 12, 25)):
        assert "</b></span>" in _html(client, "/students/")


def test_the_rail_asks_the_database_for_the_term_once(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.guardian)
    assert "</b>Term 2, week 8</span>" in _html(client, "/account/")
    with CaptureQueriesContext(connection) as asked:
        _html(client, "/account/")
    assert not [query for query in asked if "academics_term" in query["sql"]]


def test_a_bursar_finds_students_and_reads_how_many_each_grade_has(browse: Browse, cast: Cast) -> None:
    html = _html(browse(cast.mwangaza.bursar))
    assert 'action="/students/"' in html and "All quiet" not in html
    assert "<span>Grade 6</span>" in html and '<b class="num">3</b>' in html


def test_the_heads_home_tells_of_the_schools_work_and_not_of_keys_and_passwords(browse: Browse, cast: Cast) -> None:
    company = cast.mwangaza
    with context.in_school(company.school):
        for action, by in (
            ("term.changed", company.head), ("user.roles_changed", company.head), ("api_key.issued", company.head),
            ("user.password_changed", company.teacher), ("scale.created", None),
        ):  # fmt: skip
            audit.record(action, on=company.amani, by=by, at=MORNING)
    html = _html(browse(company.head))
    assert "Term changed" in html and "Account roles changed" in html
    for technical in ("API key issued", "Account password changed", "Grading scale made"):
        assert technical not in html
        assert technical in _html(browse(company.head), "/settings/audit/")
