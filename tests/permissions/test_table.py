"""Every route has its row, every row is true, and every object is hidden from the other school."""

import contextlib
from collections.abc import Callable
from copy import copy

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast
from tests.permissions import objects
from tests.permissions.routes import routes
from tests.permissions.table import TABLE, Row

Browse = Callable[..., Client]
PEOPLE = {
    "H": "head", "R": "registrar", "T": "teacher", "O": "other_teacher", "B": "bursar", "G": "guardian", "S": "student",
}  # fmt: skip
OBJECTS = {"message", "inbox", "notice", "text",
           "student", "guardian", "staff", "class", "group", "subject", "term", "enrolment", "guardianship", "number",
           "register", "office_mark", "absence", "code", "assessment", "mark",
           "scale", "key", "client", "run", "export",
           "bulk", "batch", "template", "letter", "year", "level",
           "stream", "holiday", "sweep", "alert", "document", "house", "own_field",
           "transfer", "version", "block", "option", "course", "taken", "leave_type", "employment", "consent", "leave",
           "household", "proposal", "round", "confirm_token", "classmate",
           "form", "application", "application_key"}  # fmt: skip
ABOUT_OBJECTS = [row for row in TABLE if OBJECTS & set(row.names.values())]


MOST = 24


class _Undone(Exception):
    """What one person did is undone before the next one asks."""


def _send(browser: Client, method: str, path: str) -> HttpResponse:
    return browser.post(path) if method == "POST" else browser.get(path)  # type: ignore[return-value]


def named(row: Row) -> str:
    return f"{row.method} /{row.route}"


def by_room(rows: list[Row]) -> list[list[Row]]:
    """The rows of each part of the site together, some twenty at a time: they share the objects and the sign-ins."""
    rooms: dict[str, list[Row]] = {}
    for row in rows:
        first, _, rest = row.route.partition("/")
        room = f"{first}/{rest.partition('/')[2].partition('/')[0]}" if first == "api" else first
        rooms.setdefault(room, []).append(row)
    several = [room for room in rooms.values() if len(room) > MOST // 4]
    alone = [row for room in rooms.values() if len(room) <= MOST // 4 for row in room]
    return [room[at : at + MOST] for room in [*several, alone] for at in range(0, len(room), MOST)]


def room_of(rows: list[Row]) -> str:
    return f"{named(rows[0])} and {len(rows) - 1} more"


@pytest.mark.parametrize("rows", by_room(TABLE), ids=room_of)
def test_each_person_gets_the_answer_of_the_table(cast: Cast, browse: Browse, rows: list[Row]) -> None:
    names = objects.make(cast.mwangaza)
    people = {letter: getattr(cast.mwangaza, role) for letter, role in PEOPLE.items()}
    cookies = {letter: browse(user).cookies for letter, user in people.items()}
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        answers = found.setdefault(named(row), {})
        for letter in row.expected():
            browser = browse(None, school=cast.mwangaza.school)
            browser.cookies = copy(cookies.get(letter, browser.cookies))
            with contextlib.suppress(_Undone), transaction.atomic():
                answers[letter] = _send(browser, row.method, row.path(names)).status_code
                raise _Undone
    expected = {named(row): row.expected() for row in rows}
    assert {name: answers for name, answers in found.items() if answers != expected[name]} == {}


@pytest.mark.parametrize("rows", by_room(ABOUT_OBJECTS), ids=room_of)
def test_the_other_schools_head_finds_nothing_under_our_ids(cast: Cast, browse: Browse, rows: list[Row]) -> None:
    names = objects.make(cast.mwangaza)
    browser = browse(cast.baraka.head)
    for row in rows:
        answer = _send(browser, row.method, row.path(names))
        assert (named(row), answer.status_code) == (named(row), 404)
        assert "Amani" not in answer.content.decode(), named(row)


def test_at_our_host_the_other_schools_cookie_is_worth_no_more_than_none(cast: Cast, browse: Browse) -> None:
    names = objects.make(cast.mwangaza)
    browser = browse(None, school=cast.mwangaza.school)
    for row in TABLE:
        browser.cookies = browse(cast.baraka.head).cookies
        with contextlib.suppress(_Undone), transaction.atomic():
            answer = _send(browser, row.method, row.path(names))
            assert (row.route, answer.status_code) == (row.route, row.expected()["-"])
            # What is open to everybody (with the link alone) answers 200, or 400 to an empty form.
            assert answer.status_code in (200, 400) or b"Amani" not in answer.content, row.route
            raise _Undone


def test_no_route_of_a_school_is_missing_from_the_table() -> None:
    ours = {row.route for row in TABLE}
    theirs = {route for route, _pattern in routes("config.urls_school") if "^" not in route}
    assert theirs - ours == set(), "routes without a row"
    assert ours - theirs == set(), "rows without a route"


def test_every_page_says_who_may_open_it() -> None:
    open_to_all = {"ui/", "theme/", "language/", "offline", "sw.js", "manifest.webmanifest", "favicon.ico"}
    silent = [
        route
        for route, pattern in routes("config.urls_school")
        if not hasattr(pattern.callback, "access") and route not in open_to_all
    ]
    assert silent == []
