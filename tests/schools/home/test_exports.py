"""The head takes the school's data out; nobody else does, and nobody of another school."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from audit.models import Entry
from core import clock
from identity.models import User
from tenants import context, resolve
from tenants.models import Copy, School
from tests.conftest import sign_in

RunJobs = Callable[[], list[str]]


@pytest.fixture
def at(own_database: str) -> Iterator[Callable[[str, str], Client]]:
    """`at("mwangaza", "jane.njeri")`: somebody's browser, where what is done stays done."""
    resolve.forget_all()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_job")

    def browser(slug: str, username: str) -> Client:
        client = Client(HTTP_HOST=f"{slug}.{settings.PLATFORM_DOMAIN}")
        with context.in_public():
            school = School.objects.get(slug=slug)
        with context.in_school(school):
            sign_in(client, User.objects.get(username=username))
        return client

    yield browser
    connection.close()


def test_the_head_asks_waits_and_fetches(at: Callable[[str, str], Client], run_jobs: RunJobs) -> None:
    head = at("mwangaza", "jane.njeri")
    assert head.post("/settings/data/ask/")["Location"] == "/settings/data/"
    assert "every 2s" in head.get("/settings/data/").content.decode()
    run_jobs()
    page = head.get("/settings/data/").content.decode()
    assert "every 2s" not in page and "can be fetched until" in page
    with context.in_public():
        copy = Copy.objects.get()
        school = School.objects.get(slug="mwangaza")
        assert Entry.objects.filter(action__contains="export").count() == 0
    link = f"/settings/data/{copy.pk}/file/"
    answer = head.get(link)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as file:  # type: ignore[attr-defined]
        assert b"Amani" in file.read("students.csv")
    with context.in_school(school):
        acts = list(Entry.objects.filter(action__contains="export").values_list("action", "actor_name"))
    assert acts == [("school.export_asked", "Jane Njeri"), ("school.export_fetched", "Jane Njeri")]
    assert at("baraka", "agnes.chebet").get(link).status_code == 404
    assert at("mwangaza", "otieno.okello").get(link).status_code == 403
    with context.in_public():
        Copy.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert head.get(link).status_code == 404
