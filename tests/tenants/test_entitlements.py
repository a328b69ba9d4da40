"""What a school may use: its own numbers before the usual ones, in force at its next request and job."""

from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from audit.models import Entry
from core import clock, jobs, scope
from core.errors import DomainError
from tenants import context, entitlements, resolve
from tenants.models import School

HOST = "mwangaza.shule.localhost"


def change(school: School, **limits: int | None) -> School:
    return entitlements.set_limits(school_id=school.pk, limits=limits, by=None, at=clock.now())


def resolved() -> scope.Scope:
    found = resolve.host(HOST).scope
    assert found
    return found


def test_a_school_without_limits_of_its_own_has_the_usual(mwangaza: School, settings: Any) -> None:
    assert resolved().limits == {**settings.SCHOOL_LIMITS, "api_requests_per_minute": settings.API_REQUESTS_PER_MINUTE}


def test_a_changed_limit_holds_at_the_next_request_and_is_on_the_trail(
    mwangaza: School, django_capture_on_commit_callbacks: Any
) -> None:
    assert resolved().limits["job_slots"] == 2
    with django_capture_on_commit_callbacks(execute=True):
        change(mwangaza, job_slots=5)
    assert resolved().limits["job_slots"] == 5
    with context.in_public():
        entry = Entry.objects.get(action="school.limits_changed")
    assert entry.changes == {"job_slots": [None, 5]}


def test_nothing_gives_back_the_usual(mwangaza: School) -> None:
    change(mwangaza, job_slots=5, requests_per_second=80)
    assert change(mwangaza, job_slots=None).limits == {"requests_per_second": 80}


@pytest.mark.parametrize(
    ("limits", "field", "message"),
    [
        ({"job_slots": 0}, "job_slots", "Must be from 1 to 100."),
        ({"statement_timeout_ms": 5}, "statement_timeout_ms", "Must be from 100 to 600000."),
        ({"wishes": 3}, "wishes", "No limit has this name."),
    ],
)
def test_a_wrong_limit_changes_nothing(mwangaza: School, limits: dict[str, int], field: str, message: str) -> None:
    with pytest.raises(DomainError) as refused:
        change(mwangaza, **{"requests_per_second": 80, **limits})
    assert refused.value.errors == {field: [message]}
    with context.in_public():
        assert School.objects.get(pk=mwangaza.pk).limits == {}
        assert not Entry.objects.filter(action="school.limits_changed").exists()


def test_the_cap_of_running_jobs_travels_with_the_job(mwangaza: School, baraka: School) -> None:
    for school in (change(mwangaza, job_slots=7), baraka):
        with context.in_school(school):
            jobs.later("audit.seal")
    with connection.cursor() as cursor:
        cursor.execute("SELECT school_id, cap FROM public.core_job WHERE name = 'audit.seal'")
        assert dict(cursor.fetchall()) == {mwangaza.pk: 7, baraka.pk: 2}


def test_limits_are_shown_and_changed_from_the_command_line(mwangaza: School) -> None:
    said = StringIO()
    call_command("school", "limits", "mwangaza", "job_slots=3", stdout=said)
    lines = [line.split() for line in said.getvalue().splitlines()]
    assert lines[0] == ["job_slots", "3", "its", "own"]
    assert lines[1] == ["work_percent", str(settings.SCHOOL_LIMITS["work_percent"]), "usual"]
    assert lines[4] == ["api_requests_per_minute", "1200", "usual"]
    call_command("school", "limits", "mwangaza", "job_slots=", stdout=said)
    with context.in_public():
        assert School.objects.get(pk=mwangaza.pk).limits == {}
    with pytest.raises(CommandError, match="job_slots=many is not name=number"):
        call_command("school", "limits", "mwangaza", "job_slots=many")


def test_an_operator_changes_one_limit_at_a_time(console: Client, mwangaza: School) -> None:
    page = "/console/schools/mwangaza/limits/"
    assert "Requests a second" in console.get(page).content.decode()
    answer = console.post(page, {"limit": "requests_per_second", "number": "15"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    with context.in_public():
        assert School.objects.get(pk=mwangaza.pk).limits == {"requests_per_second": 15}
    wrong = console.post(page, {"limit": "job_slots", "number": "1000"})
    assert (wrong.status_code, "Must be from 1 to 100." in wrong.content.decode()) == (400, True)
    assert "Its own" in console.get("/console/schools/mwangaza/").content.decode()
