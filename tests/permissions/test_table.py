"""Every route has its row, every row is true, and every object is hidden from the other school."""

import contextlib
from collections.abc import Callable

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
OBJECTS = {"student", "guardian", "staff", "class", "group", "subject", "term", "enrolment", "guardianship", "number",
           "register", "assessment", "mark", "scale", "key", "client", "run", "export"}  # fmt: skip
ABOUT_OBJECTS = [row for row in TABLE if OBJECTS & set(row.names.values())]


class _Undone(Exception):
    """What one person did is undone before the next one asks."""


def _send(browser: Client, method: str, path: str) -> HttpResponse:
    return browser.post(path) if method == "POST" else browser.get(path)  # type: ignore[return-value]


def named(row: Row) -> str:
    return f"{row.method} /{row.route}"


@pytest.mark.parametrize("row", TABLE, ids=named)
def test_each_person_gets_the_answer_of_the_table(cast: Cast, browse: Browse, row: Row) -> None:
    path = row.path(objects.make(cast.mwangaza))
    found = {}
    for letter in row.expected():
        user = getattr(cast.mwangaza, PEOPLE[letter]) if letter != "-" else None
        browser = browse(user, school=cast.mwangaza.school)
        with contextlib.suppress(_Undone), transaction.atomic():
            found[letter] = _send(browser, row.method, path).status_code
            raise _Undone
    assert found == row.expected()


@pytest.mark.parametrize("row", ABOUT_OBJECTS, ids=named)
def test_the_other_schools_head_finds_nothing_under_our_ids(cast: Cast, browse: Browse, row: Row) -> None:
    path = row.path(objects.make(cast.mwangaza))
    answer = _send(browse(cast.baraka.head), row.method, path)
    assert answer.status_code == 404
    assert "Amani" not in answer.content.decode()


def test_at_our_host_the_other_schools_cookie_is_worth_no_more_than_none(cast: Cast, browse: Browse) -> None:
    names = objects.make(cast.mwangaza)
    browser = browse(None, school=cast.mwangaza.school)
    for row in TABLE:
        browser.cookies = browse(cast.baraka.head).cookies
        with contextlib.suppress(_Undone), transaction.atomic():
            answer = _send(browser, row.method, row.path(names))
            assert (row.route, answer.status_code) == (row.route, row.expected()["-"])
            assert answer.status_code == 200 or b"Amani" not in answer.content, row.route
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
