"""The operators' API: copies, restoring, archiving, renaming, and an end that a program cannot confirm."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from schools.people.models import Student
from tenants import context, resolve
from tenants.models import School, State

SCHOOL = "/api/platform/v1/schools/mwangaza/"
Ask = Callable[..., Any]
RunJobs = Callable[[], list[str]]


@pytest.fixture
def ask(own_database: str, capsys: pytest.CaptureFixture[str]) -> Iterator[Ask]:
    resolve.forget_all()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_job")
    call_command("operator", "key", "Nightly robot")
    key = capsys.readouterr().out.strip()
    client = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)

    def send(method: str, path: str, body: object = None) -> Any:
        given = {} if body is None else {"data": orjson.dumps(body), "content_type": "application/json"}
        return getattr(client, method)(path, headers={"Authorization": f"Bearer {key}"}, **given)

    yield send
    connection.close()


def state() -> str:
    with context.in_public():
        return School.objects.get(slug="mwangaza").state


def test_a_program_archives_compares_and_restores(ask: Ask, run_jobs: RunJobs) -> None:
    asked = ask("post", f"{SCHOOL}copies/", {"kind": "archive"})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    run_jobs()
    [copy] = ask("get", f"{SCHOOL}copies/").json()["results"]
    assert (copy["id"], copy["state"], len(copy["sha256"])) == (asked.json()["id"], "done", 64)
    with context.in_public():
        school = School.objects.get(slug="mwangaza")
    with context.in_school(school):
        Student.objects.filter(first_name="Amani").update(first_name="A mistake")
    way = ask("post", f"{SCHOOL}restorations/", {"copy": copy["id"]})
    assert way.status_code == 202
    run_jobs()
    path = f"{SCHOOL}restorations/{way.json()['id']}/"
    found = ask("get", path).json()
    assert found["state"] == "ready"
    differences = [(one["label"], one["added"], one["changed"], one["removed"]) for one in found["differences"]]
    assert differences == [("Students", 0, 1, 0)]
    assert ask("post", f"{path}swap/").json()["state"] == "swapped"
    assert ask("post", f"{path}swap/").status_code == 409
    assert ask("post", f"{path}discard/").status_code == 409
    ages = ask("get", "/api/platform/v1/backups/").json()
    assert set(ages) == {"cluster_age_seconds", "school_age_seconds", "drill_age_seconds"}


def test_a_program_puts_a_school_away_brings_it_back_and_renames_it(ask: Ask, run_jobs: RunJobs) -> None:
    assert ask("post", f"{SCHOOL}archive/", {"reason": "Closed"}).status_code == 202
    run_jobs()
    assert state() == State.ARCHIVED
    assert ask("post", f"{SCHOOL}bring-back/").status_code == 202
    run_jobs()
    assert state() == State.LIVE
    assert ask("post", f"{SCHOOL}rename/", {"slug": "www"}).status_code == 400
    assert ask("post", f"{SCHOOL}rename/", {"slug": "nuru"}).json()["url"] == "http://nuru.shule.localhost:8000"


def test_a_program_may_ask_for_an_end_and_never_confirm_it(ask: Ask) -> None:
    wrong = ask("post", f"{SCHOOL}erase/", {"reason": "Ended", "name": "Mwangaza"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["name"])
    asked = ask("post", f"{SCHOOL}erase/", {"reason": "Ended", "name": "Mwangaza School"})
    assert (asked.status_code, asked.json()["due_at"]) == (200, None)
    assert ask("post", f"{SCHOOL}erase/confirm/", {"name": "Mwangaza School"}).status_code == 403
    assert state() == State.LIVE
    assert ask("post", f"{SCHOOL}erase/take-back/").json()["state"] == "live"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/platform/v1/schools/nobody/copies/", 404),
        ("post", f"{SCHOOL}copies/", 400),
        ("post", f"{SCHOOL}restorations/", 409),
        ("get", f"{SCHOOL}restorations/01a20000-0000-7000-8000-000000000000/", 404),
        ("get", "/api/platform/v1/erasures/01a20000-0000-7000-8000-000000000000/", 404),
        ("post", f"{SCHOOL}bring-back/", 409),
    ],
)
def test_what_cannot_be_is_a_problem_document(ask: Ask, method: str, path: str, status: int) -> None:
    answer = ask(method, path, None if method == "get" or "bring" in path else {})
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
