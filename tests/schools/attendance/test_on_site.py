"""The list for a fire: who is on the ground at this minute, and of whom nothing is known."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from core import clock
from schools.attendance import queries, services
from tests.cast import TODAY, Cast, Company

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 16, 8, 24, tzinfo=ZoneInfo("Africa/Nairobi"))


@pytest.fixture
def school(cast: Cast, in_mwangaza: Any) -> Company:
    return cast.mwangaza


def say(school: Company, code: str, session: str = "morning", **facts: Any) -> None:
    services.say(
        school_class=school.east, date=TODAY, session=session, by=school.registrar, at=AT,
        marks=[{"student": school.amani.pk, "code": code, **facts}],
    )  # fmt: skip


def here(school: Company, now: time = time(11, 0)) -> tuple[list[str], list[str]]:
    [east] = [one for one in queries.on_site(TODAY, now) if one.class_id == school.east.pk]
    return [one.first_name for one in east.here], [one.first_name for one in east.unknown]


@pytest.mark.parametrize(
    ("code", "facts", "is_here"),
    [
        ("P", {}, True),
        ("L", {"minutes_late": 20}, True),
        ("A", {}, False),
        ("E", {}, False),
        ("BAY", {}, True),
        ("TRIP", {}, False),
        ("LEFT", {}, False),
        ("LEFT", {"left_at": time(10, 30)}, False),
        ("LEFT", {"left_at": time(11, 30)}, True),
        ("P", {"left_at": time(10, 30)}, False),
    ],
)
def test_the_mark_says_whether_somebody_is_on_the_ground(
    school: Company, code: str, facts: dict[str, Any], is_here: bool
) -> None:
    say(school, code, **facts)
    assert here(school) == (["Amani"] if is_here else [], ["Brian"])


def test_the_newest_roll_call_decides(school: Company) -> None:
    say(school, "A")
    say(school, "P", session="afternoon")
    assert here(school)[0] == ["Amani"]


def test_the_page_counts_and_names_them(
    school: Company, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    say(school, "P")
    monkeypatch.setattr(clock, "now", lambda: AT)
    page = browse(school.teacher).get("/attendance/on-site/").text
    assert "1 learner is on site" in page
    assert "Amani Barasa" in page and "<b>Not known:</b> Brian Otieno" in page
