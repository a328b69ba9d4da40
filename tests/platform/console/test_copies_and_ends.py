"""Copies, restoring, archiving, renaming and ending a school, as operators do it in the console."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from audit.models import Entry
from core import clock
from identity import accounts
from identity.models import User
from schools.people.models import Student
from tenants import context, keeping_house, resolve, restoring
from tenants.models import Copy, Erasure, Restoration, School, State
from tests.cast import PASSWORD
from tests.conftest import sign_in

RunJobs = Callable[[], list[str]]
PAGE = "/console/schools/mwangaza/"


def said(page: Any) -> str:
    return str(page.content.decode())


def school() -> School:
    with context.in_public():
        return School.objects.get(slug="mwangaza")


def browser(username: str) -> Client:
    client = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    with context.in_public():
        sign_in(client, User.objects.get(username=username))
    return client


@pytest.fixture
def ann(own_database: str) -> Iterator[Client]:
    """The operator, over a database where what is done stays done."""
    resolve.forget_all()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_job")
    yield browser("ann.chelimo")
    connection.close()


@pytest.fixture
def ben(ann: Client) -> Client:
    """A second operator."""
    with context.in_public(), transaction.atomic():
        accounts.create(
            username="ben.kiptoo", full_name="Ben Kiptoo", roles=["operator"], password=PASSWORD, by=None,
            at=clock.now(),
        )  # fmt: skip
    return browser("ben.kiptoo")


def test_an_operator_makes_an_export_of_a_suspended_school_and_fetches_it(ann: Client, run_jobs: RunJobs) -> None:
    ann.post(f"{PAGE}suspend/", {"reason": "Unpaid", "typed": "mwangaza"})
    assert ann.post(f"{PAGE}copies/export/").status_code == 302
    assert "every 2s" in said(ann.get(f"{PAGE}copies/"))
    assert "tenants.make_copy" in run_jobs()
    page = said(ann.get(f"{PAGE}copies/"))
    assert "every 2s" not in page and "Portable export" in page and "Ready" in page
    with context.in_public():
        copy = Copy.objects.get()
    answer = ann.get(f"{PAGE}copies/{copy.pk}/file/")
    assert answer["Content-Disposition"] == 'attachment; filename="mwangaza-export.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as file:  # type: ignore[attr-defined]
        assert "students.csv" in file.namelist()
    with context.in_school(school()):
        acts = list(Entry.objects.filter(action__contains="export").values_list("action", "actor_name"))
    assert acts == [("school.export_asked", "Ann Chelimo"), ("school.export_fetched", "Ann Chelimo")]
    with context.in_public():
        Copy.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    assert ann.get(f"{PAGE}copies/{copy.pk}/file/").status_code == 404


def test_a_whole_archive_is_not_fetched_by_a_browser(ann: Client, run_jobs: RunJobs) -> None:
    ann.post(f"{PAGE}copies/archive/")
    run_jobs()
    with context.in_public():
        copy = Copy.objects.get()
    assert copy.state == "done" and ann.get(f"{PAGE}copies/{copy.pk}/file/").status_code == 404


def test_a_school_is_compared_with_its_archive_and_restored(ann: Client, run_jobs: RunJobs) -> None:
    ann.post(f"{PAGE}copies/archive/")
    run_jobs()
    with context.in_school(school()):
        Student.objects.filter(first_name="Amani").update(first_name="A mistake")
    with context.in_public():
        copy = Copy.objects.get()
    way = ann.post(f"{PAGE}copies/{copy.pk}/restore/")["Location"]
    assert "Being loaded beside the school" in said(ann.get(way))
    run_jobs()
    page = said(ann.get(way))
    assert "What would be otherwise" in page and "Students" in page
    refused = ann.post(way, {"typed": "baraka"})
    assert refused.status_code == 400
    with context.in_school(school()):
        assert Student.objects.filter(first_name="A mistake").exists()
    assert ann.post(way, {"typed": "mwangaza"}).status_code == 302
    with context.in_school(school()):
        assert Student.objects.filter(first_name="Amani").exists()
    assert "What stood there before is kept until" in said(ann.get(way))
    assert "School restored" in said(ann.get(PAGE))


def test_what_stands_beside_a_school_is_thrown_away(ann: Client, run_jobs: RunJobs) -> None:
    ann.post(f"{PAGE}copies/archive/")
    run_jobs()
    with context.in_public():
        copy = Copy.objects.get()
    way = ann.post(f"{PAGE}copies/{copy.pk}/restore/")["Location"]
    run_jobs()
    ann.post(f"{way}discard/")
    with context.in_public():
        assert Restoration.objects.get().state == "discarded"


def test_a_school_is_put_away_and_brought_back(ann: Client, run_jobs: RunJobs) -> None:
    assert ann.post(f"{PAGE}archive/", {"reason": "Closed for a year", "typed": "baraka"}).status_code == 400
    assert school().state == State.LIVE
    ann.post(f"{PAGE}archive/", {"reason": "Closed for a year", "typed": "mwangaza"})
    assert school().state == State.SUSPENDED
    run_jobs()
    assert school().state == State.ARCHIVED and "Bring it back" in said(ann.get(PAGE))
    ann.post(f"{PAGE}bring-back/")
    run_jobs()
    assert school().state == State.LIVE
    told = said(ann.get(PAGE))
    assert "School archived" in told and "Archived school opened again" in told


def test_a_school_gets_another_address(ann: Client) -> None:
    taken = ann.post(f"{PAGE}rename/", {"slug": "baraka", "typed": "mwangaza"})
    assert taken.status_code == 409 and "Another school has this address" in said(taken)
    answer = ann.post(f"{PAGE}rename/", {"slug": "nuru", "typed": "mwangaza"})
    assert (answer.status_code, answer["Location"]) == (302, "/console/schools/nuru/")
    moved = Client(HTTP_HOST=f"mwangaza.{settings.PLATFORM_DOMAIN}").get("/sign-in/")
    assert (moved.status_code, moved["Location"]) == (308, f"http://nuru.{settings.PLATFORM_DOMAIN}/sign-in/")


def test_two_operators_end_a_school_and_its_certificate_stays(ann: Client, ben: Client) -> None:
    wrong = ann.post(f"{PAGE}erase/", {"reason": "Contract ended", "typed": "Baraka"})
    assert wrong.status_code == 400
    ann.post(f"{PAGE}erase/", {"reason": "Contract ended", "typed": "Mwangaza School"})
    assert "Its end waits for a second operator" in said(ann.get(PAGE))
    alone = ann.post(f"{PAGE}erase/confirm/", {"typed": "Mwangaza School"})
    assert alone.status_code == 403 and "Another operator than the one who asked" in said(alone)
    assert school().state == State.LIVE
    assert ben.post(f"{PAGE}erase/confirm/", {"typed": "Mwangaza School"}).status_code == 302
    assert school().state == State.ERASING
    keeping_house.hourly(at=clock.now() + timedelta(days=31))
    assert ann.get(PAGE).status_code == 404
    with context.in_public():
        gone = Erasure.objects.get()
    assert "mwangaza" in said(ann.get("/console/erased/"))
    page = said(ann.get(f"/console/erased/{gone.pk}/"))
    assert "Word for word as it was signed" in page and "Ben Kiptoo" in page
    assert ann.get(f"/console/erased/{gone.pk}/certificate.json").json() == gone.certificate
    with context.in_public():
        Erasure.objects.update(certificate={**gone.certificate, "reason": "Another"})
    assert "This record was altered" in said(ann.get(f"/console/erased/{gone.pk}/"))


def test_the_end_of_a_school_is_taken_back(ann: Client, ben: Client) -> None:
    ann.post(f"{PAGE}erase/", {"reason": "Contract ended", "typed": "Mwangaza School"})
    ben.post(f"{PAGE}erase/confirm/", {"typed": "Mwangaza School"})
    assert ann.post(f"{PAGE}erase/take-back/").status_code == 302
    assert school().state == State.LIVE
    assert "End of the school taken back" in said(ann.get(PAGE))


def test_the_backups_page_shows_the_oldest_archive_first_and_the_drills(ann: Client, run_jobs: RunJobs) -> None:
    ann.post("/console/schools/baraka/copies/archive/")
    run_jobs()
    restoring.drill(at=clock.now())
    page = said(ann.get("/console/backups/"))
    assert page.index("Mwangaza School") < page.index("none yet") < page.index("/console/schools/baraka/copies/")
    assert "came back whole" in page and "limit 26 h" in page


def test_the_backups_page_asks_the_same_number_of_questions_for_one_school_and_for_twenty(
    console: Client, make_schools: Callable[..., list[School]], django_assert_max_num_queries: Any
) -> None:
    make_schools(20)
    with django_assert_max_num_queries(14):
        assert console.get("/console/backups/").status_code == 200
