"""Inside a school the path is its schema alone, whatever happened on the connection before."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import scope
from schools.people.models import Student
from tenants import context
from tenants.models import School


def path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0])


@pytest.fixture
def schools(own_database: str) -> Iterator[dict[str, School]]:
    with context.in_public():
        found = {school.slug: school for school in School.objects.all()}
    yield found


def test_inside_a_school_the_path_is_its_schema_alone(mwangaza: School) -> None:
    with context.in_school(mwangaza):
        assert path() == mwangaza.schema


def test_outside_every_school_nothing_can_be_read(db: None) -> None:
    assert path() == "no_tenant_selected"
    with pytest.raises(scope.NoSchool):
        Student.objects.count()


def test_a_table_that_a_school_lacks_is_an_error_and_never_the_public_one(mwangaza: School) -> None:
    with context.in_school(mwangaza), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM tenants_school")


def test_the_path_is_right_after_an_exception(schools: dict[str, School]) -> None:
    with pytest.raises(ZeroDivisionError), context.in_school(schools["baraka"]):
        path()
        raise ZeroDivisionError
    with context.in_school(schools["mwangaza"]):
        assert path() == schools["mwangaza"].schema


def test_the_path_is_right_after_a_failed_statement_and_a_rollback(schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM nothing_of_this_name")
        assert path() == schools["mwangaza"].schema


def test_the_path_is_right_after_a_savepoint_is_rolled_back_across_schools(schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]), transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic(), context.in_school(schools["baraka"]):
            assert path() == schools["baraka"].schema
            raise RuntimeError
        assert path() == schools["mwangaza"].schema


def test_a_raw_set_is_seen_and_corrected(schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]):
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path = {schools['baraka'].schema}")
        assert path() == schools["mwangaza"].schema
        assert set(Student.objects.values_list("first_name", flat=True)) == {"Amani", "Zawadi", "Brian"}


def test_a_set_local_is_seen_and_corrected(schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL search_path = {schools['baraka'].schema}")
        assert path() == schools["mwangaza"].schema


def test_a_server_side_cursor_reads_its_own_school(schools: dict[str, School]) -> None:
    for slug, first in (("mwangaza", "Amani"), ("baraka", "Halima"), ("mwangaza", "Amani")):
        with context.in_school(schools[slug]):
            names = [s.first_name for s in Student.objects.order_by("first_name").iterator(chunk_size=1)]
            assert first in names and len(names) == 3


def test_a_thread_starts_outside_every_school(schools: dict[str, School]) -> None:
    seen: list[str] = []

    def look() -> None:
        try:
            seen.append(path())
        finally:
            connection.close()

    with context.in_school(schools["mwangaza"]):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == ["no_tenant_selected"]


def test_a_lost_connection_is_replaced_by_one_with_the_right_path(schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]):
        path()
        connection.close()
        assert path() == schools["mwangaza"].schema


def test_a_connection_given_back_to_the_pool_stands_nowhere(schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]):
        path()
    connection.close()
    pool = connection.pool
    assert pool is not None
    with pool.connection() as raw:
        assert isinstance(raw, psycopg.Connection)
        assert raw.execute("SHOW search_path").fetchone() == ("no_tenant_selected",)
        assert raw.execute("SHOW timezone").fetchone() == ("UTC",)


def test_a_connection_that_has_seen_many_schools_is_replaced(schools: dict[str, School], settings: Any) -> None:
    def session() -> int:
        seen = [ask(school) for school in schools.values() for _twice in range(2)]
        connection.close()
        assert len(set(seen)) == 1
        return seen[0]

    settings.DATABASE_SCHOOLS_PER_CONNECTION = 2
    assert len({session() for _n in range(8)}) < 8
    settings.DATABASE_SCHOOLS_PER_CONNECTION = 1
    assert len({session() for _n in range(8)}) == 8


def ask(school: School) -> int:
    """The server process that answers in this school."""
    with context.in_school(school), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_three_queries_on_a_connection_from_the_pool_cost_one_set(schools: dict[str, School]) -> None:
    connection.close()
    with context.in_school(schools["mwangaza"]), CaptureQueriesContext(connection) as statements:
        for _ in range(3):
            Student.objects.count()
    sent = [entry["sql"] for entry in statements.captured_queries]
    assert len(sent) == 4
    assert sent[0] == f"SET search_path = {schools['mwangaza'].schema}; SET statement_timeout = DEFAULT"


def test_three_more_queries_on_a_kept_connection_cost_no_set(schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]):
        Student.objects.count()
        with CaptureQueriesContext(connection) as statements:
            for _ in range(3):
                Student.objects.count()
    assert len(statements.captured_queries) == 3


def test_django_tenants_own_switch_is_refused(db: None) -> None:
    with pytest.raises(RuntimeError, match="in_school"):
        connection.set_schema("public")
    with pytest.raises(RuntimeError, match="in_school"):
        connection.schema_name = "public"
