"""Who changed what: by person, thing and day, page after page, of this school alone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from schools.home import trail, trail_words
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]
START = datetime(2026, 6, 1, 8, 0, tzinfo=ZoneInfo("Africa/Nairobi"))
pytestmark = pytest.mark.django_db


def _write(cast: Cast, count: int, **more: object) -> None:
    with context.in_school(cast.mwangaza.school):
        Entry.objects.bulk_create(
            [
                Entry(
                    **{
                        "at": START + timedelta(minutes=n),
                        "action": "student.changed",
                        "actor_id": cast.mwangaza.registrar.pk,
                        "actor_name": "Otieno Okello",
                        "object_type": "people.student",
                        "object_id": str(cast.mwangaza.amani.pk),
                        "object_name": f"Learner {n:03}",
                        "changes": {"last_name": ["Barasa", f"Wafula {n:03}"]},
                        **more,
                    }
                )
                for n in range(count)
            ]
        )


def _names(html: str) -> list[str]:
    return re.findall(r"Learner \d{3}", html)


def test_every_line_once_from_page_to_page_even_when_several_are_of_one_moment(browse: Browse, cast: Cast) -> None:
    _write(cast, 120, at=START)
    client = browse(cast.mwangaza.head)
    address, seen = "/settings/audit/?thing=Learner", []
    for _ in range(3):
        html = client.get(address).content.decode()
        seen += _names(html)
        link = re.search(r'rel="next" href="([^"]+)"', html)
        address = f"/settings/audit/{unescape(link[1])}" if link else ""
    assert address == ""
    assert len(seen) == 120 and len(set(seen)) == 120


def test_newest_first_with_who_and_from_what_to_what(browse: Browse, cast: Cast) -> None:
    _write(cast, 3)
    html = browse(cast.mwangaza.head).get("/settings/audit/?thing=Learner").content.decode()
    assert _names(html) == ["Learner 002", "Learner 001", "Learner 000"]
    assert "<b>Student changed</b>" in html and "Otieno Okello" in html
    assert "last name: Barasa → <b>Wafula 002</b>" in html


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("thing=Learner", 3),
        ("thing=learner+001", 1),
        ("person=okello", 3),
        ("person=nobody", 0),
        ("thing=Learner&starts_on=2026-06-01&ends_on=2026-06-01", 3),
        ("thing=Learner&starts_on=2026-06-02", 0),
        ("thing=Learner&ends_on=2026-05-31", 0),
        ("thing=%25", 0),
    ],
)
def test_the_trail_is_narrowed_by_person_thing_and_day(browse: Browse, cast: Cast, query: str, count: int) -> None:
    _write(cast, 3)
    html = browse(cast.mwangaza.head).get(f"/settings/audit/?{query}").content.decode()
    assert len(_names(html)) == count
    assert ("Nothing was found" in html) is (count == 0)


def test_everything_about_one_record(browse: Browse, cast: Cast) -> None:
    _write(cast, 2)
    _write(cast, 2, object_id=str(cast.mwangaza.brian.pk))
    html = browse(cast.mwangaza.head).get(f"/settings/audit/?object=people.student:{cast.mwangaza.brian.pk}")
    assert len(re.findall("<b>Student changed</b>", html.content.decode())) == 2


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=2026-06-01_x",
        "before=2026-06-01T08:00:00_" + "0" * 32,
        "before=%00",
        "object=x",
        "object=%00:1",
        "object=" + "a" * 999,
    ],
)
def test_a_cursor_or_record_that_is_none_is_no_error(browse: Browse, cast: Cast, query: str) -> None:
    assert browse(cast.mwangaza.head).get(f"/settings/audit/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["starts_on=yesterday", "ends_on=2026-99-99", "person=" + "x" * 101, "thing=%00"])
def test_a_wrong_filter_is_told(browse: Browse, cast: Cast, query: str) -> None:
    response = browse(cast.mwangaza.head).get(f"/settings/audit/?{query}")
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()


def test_another_schools_trail_is_not_here(browse: Browse, cast: Cast) -> None:
    _write(cast, 3)
    assert _names(browse(cast.baraka.head).get("/settings/audit/").content.decode()) == []


def test_what_was_written_is_text_and_never_a_tag(browse: Browse, cast: Cast) -> None:
    canary = "<script>alert(5)</script>"
    _write(cast, 1, object_name=canary, actor_name=canary, action=canary, changes={canary: [canary, canary]})
    _write(cast, 1, changes=[canary])
    client = browse(cast.mwangaza.head)
    for path in ("/settings/audit/", "/"):
        assert canary not in client.get(path).content.decode()


def test_fifty_lines_cost_as_many_queries_as_one(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    counts = []
    for count in (1, 49):
        _write(cast, count)
        client.get("/settings/audit/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/settings/audit/?thing=Learner")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("student.changed", "Student changed"),
        ("api_key.revoked", "API key ended"),
        ("lost_thing.glued_together", "Lost thing glued together"),
        ("odd", "Odd "),
    ],
)
def test_every_act_reads_as_words(action: str, said: str) -> None:
    assert trail_words.sentence(action) == said


def test_long_values_are_cut_and_nothing_is_a_dash(cast: Cast) -> None:
    _write(cast, 1, changes={"a": [None, "x" * 500], "b": [True, False], "c": ["one", "two", "three"], "d": {"k": 1}})
    with context.in_school(cast.mwangaza.school):
        wanted = trail.Wanted(thing="Learner")
        (line,), _more = trail.page(trail.search(trail.visible_to(cast.mwangaza.head), wanted), "")
    assert line.changes == (
        trail.Change("a", "–", "x" * 119 + "…"),
        trail.Change("b", "yes", "no"),
        trail.Change("c", "", "one, two, three"),
        trail.Change("d", "", "k: 1"),
    )
