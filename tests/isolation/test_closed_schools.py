"""A suspended or read-only school, on every surface there is."""

import contextlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client

from api import clients, scopes
from core import clock, jobs, storage
from core.models import Due, Job
from identity import accounts
from identity.models import User
from schools.people.models import Student
from tenants import context, lifecycle, periodic, resolve
from tenants.models import School
from tests.cast import Cast
from tests.permissions import objects
from tests.permissions.table import TABLE

Browse = Callable[..., Client]
FORM = "application/x-www-form-urlencoded"
OPEN_WHILE_READ_ONLY = {"sign-in/", "sign-out/", "theme/", "language/", "oauth/token"}


class _Undone(Exception):
    """What one request did is undone before the next."""


@pytest.fixture
def close(cast: Cast) -> Callable[[str], None]:
    """`close("suspended")`: Mwangaza, for all that ask from now on."""

    def act(state: str) -> None:
        to = lifecycle.suspend if state == "suspended" else lifecycle.make_read_only
        to(school_id=cast.mwangaza.school.pk, reason="The fees are open", by=None, at=clock.now())
        resolve.forget_all()

    return act


def key_and_token(cast: Cast) -> list[Client]:
    """A program with an API key of Mwangaza, and one with an OAuth 2 token."""
    host = f"mwangaza.{settings.PLATFORM_DOMAIN}"
    at = clock.now()
    with context.in_school(cast.mwangaza.school):
        user = accounts.service_account(name="Reports", roles=["head"], by=None, at=at)
        _row, key = accounts.issue_key(user=user, name="k", scopes=scopes.every(), by=None, at=at)
        name, secret = clients.create_client(name="c", scopes=scopes.every(), user=user, by=None, at=at)
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    token = Client(HTTP_HOST=host).post("/oauth/token", urlencode(form), content_type=FORM).json()["access_token"]
    return [Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {found}") for found in (key, token)]


def test_a_suspended_school_answers_403_at_every_address_to_everybody(
    cast: Cast, browse: Browse, close: Callable[[str], None]
) -> None:
    names = objects.make(cast.mwangaza)
    people = [browse(cast.mwangaza.head), browse(None, school=cast.mwangaza.school), *key_and_token(cast)]
    close("suspended")
    for row in TABLE:
        for caller in people:
            path = row.path(names)
            answer = caller.post(path) if row.method == "POST" else caller.get(path)
            assert answer.status_code == 403, (row.method, path)
            if path.startswith(("/api/", "/oauth/")):
                assert answer["Content-Type"] == "application/problem+json"
                assert answer.json()["code"] == "school_suspended"
            else:
                assert b"Amani" not in answer.content and b"The fees are open" in answer.content


def test_a_read_only_school_is_read_as_ever_and_refuses_every_write(
    cast: Cast, browse: Browse, close: Callable[[str], None]
) -> None:
    names = objects.make(cast.mwangaza)
    head, (key, token) = browse(cast.mwangaza.head), key_and_token(cast)
    close("read_only")
    for row in TABLE:
        path = row.path(names)
        if row.method == "GET":
            with contextlib.suppress(_Undone), transaction.atomic():
                assert head.get(path).status_code == row.expected()["H"], path
                raise _Undone
        if row.route not in OPEN_WHILE_READ_ONLY:
            for method in ("post", "put", "patch", "delete"):
                answer = getattr(head, method)(path)
                assert answer.status_code == 403, (method, path)
                if path.startswith("/api/"):
                    assert answer.json()["code"] == "school_read_only"
    for program in (key, token):
        assert program.get("/api/v1/students/").status_code == 200
        refused = program.post("/api/v1/students/", {}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (403, "school_read_only")


def test_files_of_a_suspended_school_are_not_served_and_those_of_the_look_are(
    cast: Cast, browse: Browse, close: Callable[[str], None]
) -> None:
    with context.in_school(cast.mwangaza.school):
        for path in ("photos/a.png", "open/logo.png"):
            storage.save(path, b"\x89PNG")
        addresses = [storage.url("photos/a.png"), storage.url("open/logo.png")]
    head = browse(cast.mwangaza.head)
    assert [head.get(address).status_code for address in addresses] == [200, 200]
    close("suspended")
    assert [head.get(address).status_code for address in addresses] == [403, 403]
    assert head.get("/static/web/shule.css").status_code == 200


@pytest.fixture
def committed(own_database: str) -> School:
    """Mwangaza in a database where transactions commit."""
    with context.in_public():
        Job.objects.all().delete()
        return School.objects.get(slug="mwangaza")


def work(job_id: Any, school: School) -> str:
    """Do one job as a worker would; gives back its state."""
    from celery import current_app

    with context.in_public():
        name, kwargs = Job.objects.values_list("name", "kwargs").get(pk=job_id)
    current_app.tasks[name].apply(kwargs=kwargs, headers={"job_id": str(job_id), "school": str(school.pk)})
    with context.in_public():
        return str(Job.objects.values_list("state", flat=True).get(pk=job_id))


@pytest.mark.parametrize(("state", "letters", "ended"), [("suspended", 0, "waiting"), ("read_only", 1, "done")])
def test_mail_and_tasks_of_a_suspended_school_wait_and_of_a_read_only_one_go_out(
    committed: School, state: str, letters: int, ended: str
) -> None:
    with context.in_school(committed), transaction.atomic():
        accounts.invite(user=User.objects.get(username="rose.barasa"), by=None, at=clock.now())
    with context.in_public():
        job = Job.objects.values_list("pk", flat=True).get(name="identity.send_invitation")
    act = lifecycle.suspend if state == "suspended" else lifecycle.make_read_only
    act(school_id=committed.pk, reason="x", by=None, at=clock.now())
    assert work(job, committed) == ended
    assert len(mail.outbox) == letters


@pytest.mark.parametrize(("state", "asked"), [("suspended", {"baraka"}), ("read_only", {"baraka", "mwangaza"})])
def test_the_calendar_asks_no_work_of_a_suspended_school(committed: School, state: str, asked: set[str]) -> None:
    act = lifecycle.suspend if state == "suspended" else lifecycle.make_read_only
    act(school_id=committed.pk, reason="x", by=None, at=clock.now())
    with context.in_public():
        Due.objects.update(next_at=clock.now())
    periodic.tick(at=clock.now())
    with context.in_public():
        found = set(Job.objects.filter(name="audit.seal").values_list("school_id", flat=True))
        assert set(School.objects.filter(pk__in=found).values_list("slug", flat=True)) == asked


def test_what_is_asked_while_a_school_is_suspended_takes_effect_when_it_opens(committed: School) -> None:
    lifecycle.suspend(school_id=committed.pk, reason="x", by=None, at=clock.now())
    with context.in_school(committed), transaction.atomic():
        job = jobs.later("audit.seal")
    assert work(job, committed) == "waiting"
    lifecycle.resume(school_id=committed.pk, by=None, at=clock.now())
    assert work(job, committed) == "done"


def test_a_school_that_was_deleted_leaves_no_address_and_no_file(cast: Cast, browse: Browse) -> None:
    with context.in_school(cast.mwangaza.school):
        storage.save("open/logo.png", b"\x89PNG")
        address = storage.url("open/logo.png")
    head = browse(cast.mwangaza.head)
    assert head.get(address).status_code == 200
    with context.in_public():
        School.objects.filter(pk=cast.mwangaza.school.pk).delete()
    resolve.forget_all()
    for path in (address, "/", "/students/", "/api/v1/students/"):
        assert head.get(path).status_code == 404
    assert browse(None, school=cast.baraka.school).get(address).status_code == 404
    with context.in_school(cast.baraka.school), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_student")
        assert cursor.fetchone() == (Student.objects.count(),)
