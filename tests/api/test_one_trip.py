"""A row asked for in one round trip comes from the school that is entered, whatever the connection did before."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants import context
from tests.cast import Cast, Company

ASK = "SELECT first_name FROM people_student WHERE admission_number IN ('A2302', 'B1302')"


def test_it_stands_in_the_current_school(cast: Cast) -> None:
    for company, name in ((cast.mwangaza, "Amani"), (cast.baraka, "Halima"), (cast.mwangaza, "Amani")):
        with context.in_school(company.school):
            assert connection.ask(ASK) == [name.encode()]  # type: ignore[attr-defined]


def test_it_is_not_misled_by_a_path_that_somebody_else_set(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school), connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {cast.baraka.school.schema}")
        assert connection.ask(ASK) == [b"Amani"]  # type: ignore[attr-defined]
        cursor.execute(f"SET LOCAL search_path = {cast.baraka.school.schema}")
        assert connection.ask(ASK) == [b"Amani"]  # type: ignore[attr-defined]


def test_a_list_is_one_statement(life: Company, office: Client) -> None:
    office.get("/api/v1/students/")
    with CaptureQueriesContext(connection) as seen:
        office.get("/api/v1/students/")
    assert len(seen.captured_queries) <= 2
    assert office.get("/api/v1/students/")["Server-Timing"].endswith("desc=1")
