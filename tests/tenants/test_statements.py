"""A statement of a school ends at the school's limit, and the limit stays with the school."""

from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from api import problems
from core.errors import took_too_long
from tenants import context, resolve
from tenants.models import School
from web import middleware


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


@pytest.fixture
def schools(own_database: str) -> dict[str, School]:
    with context.in_public():
        School.objects.filter(slug="mwangaza").update(limits={"statement_timeout_ms": 200})
        return {school.slug: school for school in School.objects.all()}


def page_of(school: School) -> Any:
    return context.in_school(context.scope_of(school, statements=context.PAGES))


def job_of(school: School) -> Any:
    return context.in_school(context.scope_of(school, statements=context.JOBS))


def test_pages_jobs_and_the_platform_have_limits_of_their_own(schools: dict[str, School]) -> None:
    with page_of(schools["mwangaza"]):
        assert limit() == "200ms"
        with context.in_public():
            assert limit() == "0"
        assert limit() == "200ms"
        with page_of(schools["baraka"]):
            assert limit() == "10s"
    connection.close()  # as between a request and a job
    with job_of(schools["baraka"]):
        assert limit() == "5min"
    assert limit() == "0"


def test_a_limit_never_reaches_the_next_school_of_the_connection(schools: dict[str, School]) -> None:
    with page_of(schools["mwangaza"]):
        assert limit() == "200ms"
    connection.close()
    pool = connection.pool
    assert pool is not None
    with pool.connection() as raw:
        assert raw.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_a_limit_is_right_after_a_rollback_and_a_savepoint(schools: dict[str, School]) -> None:
    with page_of(schools["mwangaza"]), transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic(), page_of(schools["baraka"]):
            assert limit() == "10s"
            raise RuntimeError
        assert limit() == "200ms"


def test_a_single_question_is_held_to_it_too(schools: dict[str, School]) -> None:
    connection.close()
    with page_of(schools["mwangaza"]):
        assert connection.ask("SHOW statement_timeout") == [b"200ms"]
        with pytest.raises(OperationalError) as ended:
            connection.ask("SELECT pg_sleep(5)")
    assert took_too_long(ended.value)
    assert limit() == "0"


def test_the_host_brings_the_limit_of_its_school(schools: dict[str, School]) -> None:
    found = resolve.host("mwangaza.shule.localhost").scope
    assert found and found.longest_statement == 200


def test_a_statement_that_takes_too_long_is_a_503_and_no_fault(schools: dict[str, School]) -> None:
    with page_of(schools["mwangaza"]), pytest.raises(OperationalError) as ended, connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    page = middleware._page_of(RequestFactory().get("/students/"), ended.value)
    assert page and (page.status_code, "takes too long" in page.content.decode()) == (503, True)
    problem = problems.of(ended.value)
    assert (problem.status, problem.code) == (503, "too_slow")


def test_another_failure_of_the_database_is_not_taken_for_it(db: None) -> None:
    assert not took_too_long(OperationalError("gone"))
    assert middleware._page_of(RequestFactory().get("/"), OperationalError("gone")) is None
