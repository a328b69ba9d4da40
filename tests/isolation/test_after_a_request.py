"""The next request stands in its own school, whatever became of the one before it on the same connection."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client

from core import clock
from schools.people.models import Student
from tenants import context, lifecycle
from tests import cast as people
from tests.cast import Cast
from tests.conftest import sign_in

NAMES = {"mwangaza": ("Amani", "Zawadi", "Brian"), "baraka": ("Halima", "Zainab", "Faith")}


@pytest.fixture
def live(own_database: str) -> Cast:
    """Both schools in a database where every request commits and gives its connection back to a pool of one."""
    return people.read()


@pytest.fixture(autouse=True)
def _one_connection(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"]["pool"], "max_size", 1)
    connection.close()
    connection.close_pool()
    yield
    connection.close()
    connection.close_pool()


def at(cast: Cast, slug: str) -> Client:
    browser = Client(HTTP_HOST=f"{slug}.{settings.PLATFORM_DOMAIN}", raise_request_exception=False)
    company = getattr(cast, slug)
    with context.in_school(company.school):
        sign_in(browser, company.head)
    return browser


def next_request_is_right(cast: Cast) -> None:
    """Both schools, one after the other and back: each page holds its own names and none of the other's."""
    for slug in ("baraka", "mwangaza", "baraka"):
        page = at(cast, slug).get("/students/").content.decode()
        for school, names in NAMES.items():
            assert all((name in page) == (school == slug) for name in names), (slug, school)
    connection.close()
    assert connection.pool is not None
    with connection.pool.connection() as raw:
        assert raw.execute("SHOW search_path").fetchone() == ("no_tenant_selected",)


def test_after_an_exception(live: Cast) -> None:
    browser = at(live, "mwangaza")
    with context.in_school(live.mwangaza.school), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_guardian RENAME TO people_lost")
    assert browser.get("/guardians/").status_code == 500
    with context.in_school(live.mwangaza.school), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_lost RENAME TO people_guardian")
    next_request_is_right(live)


def test_after_a_404(live: Cast) -> None:
    assert at(live, "mwangaza").get(f"/students/{live.baraka.amani.pk}/").status_code == 404
    assert at(live, "mwangaza").get("/nowhere/").status_code == 404
    next_request_is_right(live)


def test_after_a_refusal_that_rolled_back(live: Cast) -> None:
    taken = {"admission_number": "A2302", "first_name": "Neema", "last_name": "Achieng", "sex": "F"}
    assert at(live, "mwangaza").post("/students/admit/", taken).status_code == 400
    next_request_is_right(live)


def test_while_a_streamed_answer_is_read_and_after_it(live: Cast) -> None:
    streams = {slug: iter(at(live, slug).get("/students/export.csv").streaming_content) for slug in NAMES}
    read = dict.fromkeys(NAMES, b"")
    while streams:
        for slug in list(streams):
            piece = next(streams[slug], None)
            if piece is None:
                del streams[slug]
            else:
                read[slug] += piece
            if slug == "mwangaza":
                at(live, "baraka").get("/students/")
    for slug, text in read.items():
        for school, names in NAMES.items():
            assert all((name in text.decode()) == (school == slug) for name in names), (slug, school)
    next_request_is_right(live)


def test_after_a_streamed_answer_that_nobody_read(live: Cast) -> None:
    answer = at(live, "mwangaza").get("/students/export.csv")
    next(iter(answer.streaming_content))
    answer.close()
    next_request_is_right(live)


@pytest.mark.parametrize("host", ["mwangaza", "nobody", "127.0.0.1"])
def test_after_a_middleware_answered_early(live: Cast, host: str) -> None:
    name = host if host == "127.0.0.1" else f"{host}.{settings.PLATFORM_DOMAIN}"
    if host == "mwangaza":
        lifecycle.suspend(school_id=live.mwangaza.school.pk, reason="x", by=None, at=clock.now())
    assert Client(HTTP_HOST=name).get("/students/").status_code in (302, 403, 404)
    assert Client(HTTP_HOST=name).get("/health/live").status_code == 200
    if host == "mwangaza":
        lifecycle.resume(school_id=live.mwangaza.school.pk, by=None, at=clock.now())
    next_request_is_right(live)


def test_after_the_server_dropped_the_connection(live: Cast) -> None:
    assert at(live, "mwangaza").get("/students/").status_code == 200
    name = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(f"{settings.DATABASE_URL.rpartition('/')[0]}/postgres", autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    at_first = Client(HTTP_HOST=f"baraka.{settings.PLATFORM_DOMAIN}", raise_request_exception=False)
    at_first.get("/students/")  # may find the connection dead, and never another school's
    connection.close()
    next_request_is_right(live)


def test_after_somebody_set_the_path_in_a_transaction(live: Cast) -> None:
    with context.in_school(live.mwangaza.school), connection.cursor() as cursor:
        cursor.execute(f"BEGIN; SET LOCAL search_path = {live.baraka.school.schema}")
        assert Student.objects.filter(first_name="Amani").exists()
        cursor.execute("ROLLBACK")
    with context.in_school(live.mwangaza.school), connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {live.baraka.school.schema}, public")
    next_request_is_right(live)


def test_after_a_cursor_was_left_open_on_the_server(live: Cast) -> None:
    with context.in_school(live.mwangaza.school):
        rows = Student.objects.order_by("first_name").iterator(chunk_size=1)
        assert next(rows).first_name == "Amani"
        del rows
    next_request_is_right(live)


def test_after_a_question_that_held_no_connection(live: Cast) -> None:
    ask = "SELECT first_name FROM people_student WHERE admission_number IN ('A2302', 'B1302')"
    connection.close()
    for company, name in ((live.mwangaza, b"Amani"), (live.baraka, b"Halima"), (live.mwangaza, b"Amani")):
        with context.in_school(company.school):
            assert connection.ask(ask) == [name]  # type: ignore[attr-defined]
        assert connection.connection is None
    next_request_is_right(live)


def test_after_a_question_that_failed(live: Cast) -> None:
    connection.close()
    with context.in_school(live.mwangaza.school), pytest.raises(DatabaseError):
        connection.ask("SELECT nothing FROM nowhere")  # type: ignore[attr-defined]
    assert connection.connection is None
    next_request_is_right(live)
