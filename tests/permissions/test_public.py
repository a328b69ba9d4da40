"""Every route of the platform's own host has its row, every row is true, and no school's credential opens one."""

import contextlib
import uuid
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from api import scopes
from console.management.commands.operator import SCOPES
from core import clock, jobs
from core.models import Job
from identity import accounts, roles
from tenants import context
from tenants.models import School, State
from tests.cast import PASSWORD, Cast
from tests.conftest import sign_in
from tests.permissions.public import PUBLIC
from tests.permissions.routes import routes
from tests.permissions.table import TABLE, Row

Browse = Callable[..., Client]
WRITERS = {"suspend", "read-only", "resume", "retry", "invite", "discard"}
ABOUT_OBJECTS = [row for row in PUBLIC if {"school", "job"} & set(row.names.values())]


class _Undone(Exception):
    """What one caller did is undone before the next one asks."""


def named(row: Row) -> str:
    return f"{row.method} /{row.route}"


def send(browser: Client, row: Row, path: str) -> HttpResponse:
    return browser.post(path) if row.method == "POST" else browser.get(path)  # type: ignore[return-value]


@pytest.fixture
def callers(cast: Cast) -> dict[str, Client]:
    """A browser or program for each letter of the table."""
    return open_callers(cast)


def open_callers(cast: Cast) -> dict[str, Client]:
    host = settings.PLATFORM_DOMAIN
    at = clock.now()
    found = {letter: Client(HTTP_HOST=host) for letter in "PNC-"}
    with context.in_public():
        sign_in(found["P"], cast.operator)
        guest = accounts.create(username="guest", full_name="A Guest", roles=[], password=PASSWORD, by=None, at=at)
        sign_in(found["N"], guest)
        robot = accounts.service_account(name="Robot", roles=[roles.OPERATOR], by=None, at=at)
        for letter, carried in (("K", SCOPES), ("R", SCOPES[:1])):
            _row, key = accounts.issue_key(user=robot, name=letter, scopes=carried, by=None, at=at)
            found[letter] = Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {key}")
    at_school = Client(HTTP_HOST=f"{cast.mwangaza.school.slug}.{host}")
    with context.in_school(cast.mwangaza.school):
        sign_in(at_school, cast.mwangaza.head)
        program = accounts.service_account(name="Reports", roles=["head"], by=None, at=at)
        _row, key = accounts.issue_key(user=program, name="Reports", scopes=scopes.every(), by=None, at=at)
    found["C"].cookies = at_school.cookies
    found["A"] = Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {key}")
    return found


def objects(cast: Cast) -> dict[str, str]:
    """A school that can be named, and a job that failed."""
    with context.in_school(cast.mwangaza.school):
        job_id = jobs.later("audit.seal")
    with context.in_public():
        Job.objects.filter(pk=job_id).update(state="failed")
    return {"school": cast.mwangaza.school.slug, "job": str(job_id)}


@pytest.mark.parametrize("row", PUBLIC, ids=named)
def test_each_caller_gets_the_answer_of_the_table(cast: Cast, callers: dict[str, Client], row: Row) -> None:
    path = row.path(objects(cast))
    found = {}
    for letter in row.expected():
        with contextlib.suppress(_Undone), transaction.atomic():
            answer = send(callers[letter], row, path)
            found[letter] = answer.status_code
            if letter in "CA-KR" and answer.status_code == 302 and path.startswith("/console/") and "sign" not in path:
                assert answer["Location"].startswith("/console/sign-in/?next=")
            raise _Undone
    assert found == row.expected()
    assert set(found) == set("PKRNCA-")


def test_no_route_of_the_platform_is_missing_from_the_table() -> None:
    ours = {row.route for row in PUBLIC}
    theirs = {route for route, _pattern in routes("config.urls_public") if "^" not in route}
    assert theirs - ours == set(), "routes without a row"
    assert ours - theirs == set(), "rows without a route"


def test_every_act_of_an_operator_has_a_row_that_does_it() -> None:
    done = {row.route.rstrip("/").rsplit("/", 1)[-1] for row in PUBLIC if row.method == "POST"}
    assert done >= WRITERS
    assert [role for role in roles.Role.values if role not in roles.SCHOOL_ROLES] == [roles.OPERATOR]


def test_every_page_of_the_platform_says_who_may_open_it() -> None:
    open_to_all = {"ui/", "theme/", "language/", "offline", "sw.js", "manifest.webmanifest", "favicon.ico"}
    silent = [
        route
        for route, pattern in routes("config.urls_public")
        if not hasattr(pattern.callback, "access") and route not in open_to_all
    ]
    assert silent == []


@pytest.mark.parametrize("row", ABOUT_OBJECTS, ids=named)
def test_a_school_or_job_that_is_not_there_is_404_or_said_so_and_nothing_is_done(
    cast: Cast, callers: dict[str, Client], row: Row
) -> None:
    with context.in_public():
        before = list(School.objects.order_by("pk").values()), list(Job.objects.order_by("pk").values())
    for stranger in ("nobody", "public", "www", cast.mwangaza.school.schema):
        path = row.path({"school": stranger, "job": str(uuid.uuid4())})
        answer = send(callers["K" if path.startswith("/api/") else "P"], row, path)
        assert answer.status_code == 404 or ("jobs" in path and answer["Location"] == "/console/jobs/")
    with context.in_public():
        assert (list(School.objects.order_by("pk").values()), list(Job.objects.order_by("pk").values())) == before


def test_a_schools_object_is_no_object_of_the_console(cast: Cast, console: Client) -> None:
    for foreign in (cast.mwangaza.amani.pk, cast.mwangaza.head.pk, cast.mwangaza.school.pk):
        for path in (f"/console/schools/{foreign}/", f"/api/platform/v1/schools/{foreign}/"):
            assert console.get(path).status_code == 404
    answer = console.post(f"/console/jobs/{cast.mwangaza.amani.pk}/discard/", follow=True)
    assert "Amani" not in answer.content.decode()


@pytest.mark.parametrize("role", [*roles.SCHOOL_ROLES])
def test_a_schools_role_is_worth_nothing_at_the_platform(cast: Cast, role: str) -> None:
    client = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    with context.in_public():
        odd = accounts.create(username="odd", full_name="Odd", roles=[role], password=PASSWORD, by=None, at=clock.now())
        sign_in(client, odd)
    assert client.get("/console/").status_code == 403
    assert client.get("/api/platform/v1/schools/").status_code == 403


@pytest.mark.parametrize("letter", "PK")
def test_an_operators_cookie_and_key_open_no_address_of_a_school(cast: Cast, letter: str) -> None:
    with context.in_public():
        School.objects.filter(pk=cast.mwangaza.school.pk).update(state=State.LIVE)
    caller = open_callers(cast)[letter]
    nobody = Client(HTTP_HOST=f"{cast.mwangaza.school.slug}.{settings.PLATFORM_DOMAIN}")
    at = {"HTTP_HOST": f"{cast.mwangaza.school.slug}.{settings.PLATFORM_DOMAIN}"}
    closed = [row for row in TABLE if row.expected()["-"] in (302, 401) and row.route.split("/")[0] not in OPEN_ROADS]
    assert len(closed) > 90
    for row in closed:
        path = row.path({name: str(uuid.uuid4()) for name in row.names.values()})
        ours, theirs = caller.generic(row.method, path, **at), nobody.generic(row.method, path)
        assert (ours.status_code, ours.get("Location")) == (theirs.status_code, theirs.get("Location")), path
        assert ours.status_code in (302, 401, 404), path


OPEN_ROADS = {"theme", "language", "favicon.ico", "sign-out"}
