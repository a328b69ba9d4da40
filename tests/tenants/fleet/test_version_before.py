"""This code serves a school that stands at the version before beside one that was moved already.

The next version brings everything that the linter lets pass. What it adds no model names yet, which is how its code
looks to a school that is behind; to the version before, it is how its tables look once they were moved.
"""

import re
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client

from api import scopes
from core import clock
from identity import accounts
from schools.attendance.models import AttendanceMark
from schools.people.models import Student
from tenants import context
from tenants.fleet import claim, head, lean, lint, plan, status, work
from tenants.models import School
from tests import cast as people
from tests.conftest import sign_in
from tests.permissions.routes import routes
from tests.tenants.fleet.conftest import NextVersion, columns

NOW = datetime(2026, 6, 16, 5, 24, tzinfo=UTC)
BRINGS = """
migrations.AddField("household", "zone", models.CharField(max_length=40, default="", db_default="")),
migrations.AddField("student", "nickname", models.CharField(max_length=40, null=True)),
migrations.AddField("guardian", "seen", models.BooleanField(default=False, db_default=False)),
migrations.AlterField("household", "town", models.CharField(max_length=120, blank=True)),
migrations.CreateModel("Badge", [
    ("id", models.BigAutoField(primary_key=True)),
    ("student", models.ForeignKey("people.Student", on_delete=models.CASCADE)),
]),
migrations.SeparateDatabaseAndState(
    database_operations=[migrations.AddField("student", "house", models.CharField(max_length=9, db_default="red"))],
),
"""


@pytest.fixture
def both(schools: dict[str, School], next_version: NextVersion, monkeypatch: pytest.MonkeyPatch) -> people.Cast:
    """Mwangaza at the next version, Baraka at this one."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: people.TODAY)
    next_version.brings(BRINGS)
    next_version.brings(
        'AddIndexConcurrently("student", models.Index(fields=["left_on"], name="people_left")),', atomic=False
    )
    next_version.is_shared()
    assert lint.findings() == []
    with context.in_public():
        School.objects.filter(slug="mwangaza").update(is_canary=True)
    move_canary()
    assert {s.slug: s.place.value for s in status.read()} == {"mwangaza": "at_head", "baraka": "behind"}
    assert {"nickname", "house"} <= columns(schools["mwangaza"], "people_student")
    return people.read()


def move_canary() -> None:
    """Bring the canary alone to the next version."""
    plan.lay(status.read(), head.current(), stop_after=0)
    found = claim.take(head.current().digest)
    assert isinstance(found, claim.Claim) and found.school.slug == "mwangaza"
    work.move(found, lean.Roads())


def browser(company: people.Company, user: Any) -> Client:
    """The user's own browser, signed in."""
    client = Client(HTTP_HOST=f"{company.school.slug}.{settings.PLATFORM_DOMAIN}")
    with context.in_school(company.school):
        sign_in(client, user)
    return client


def program(company: people.Company) -> Client:
    """A program of the school's office with every scope."""
    with context.in_school(company.school):
        user = accounts.service_account(name="Timetable maker", roles=["registrar"], by=None, at=NOW)
        _row, key = accounts.issue_key(user=user, name="Test", scopes=scopes.every(), by=None, at=NOW)
    return Client(HTTP_HOST=f"{company.school.slug}.{settings.PLATFORM_DOMAIN}", HTTP_AUTHORIZATION=f"Bearer {key}")


def walk(company: people.Company) -> dict[str, int]:
    """The answer of every route without parameters, to the head and to a program."""
    addresses = [
        f"/{route}"
        for route, _view in routes("config.urls_school")
        if not {"<", "^"} & set(route) and not re.search("schema|sign-out", route)
    ]
    addresses += [f"/students/{company.amani.pk}/", f"/api/v1/students/{company.amani.pk}/"]
    addresses += [f"/attendance/{company.east.pk}/2026-06-16/"]
    person, office = browser(company, company.head), program(company)
    seen = {}
    for address in addresses:
        answer = (office if address.startswith("/api/") else person).get(address)
        seen[address.replace(str(company.amani.pk), "…").replace(str(company.east.pk), "…")] = answer.status_code
    return seen


def test_every_page_and_list_answers_the_same_before_and_after(both: people.Cast) -> None:
    before, after = walk(both.baraka), walk(both.mwangaza)
    assert before == after
    assert len(before) > 40 and sum(status == 200 for status in before.values()) > 30
    assert [address for address, status in before.items() if status >= 500] == []


@pytest.mark.parametrize("slug", ["baraka", "mwangaza"])
def test_writes_by_web_and_api_are_taken_before_and_after(both: people.Cast, slug: str) -> None:
    company = getattr(both, slug)
    new = {"admission_number": "N001", "first_name": "Neema", "last_name": "Wairimu", "sex": "F"}
    body = {**new, "class": str(company.east.pk), "admitted_on": "2026-05-04"}
    answer = program(company).generic("POST", "/api/v1/students/", orjson.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content

    register = f"/attendance/{company.east.pk}/2026-06-16/"
    posted = {f"mark-{company.amani.pk}": "A", "rest": "present"}
    answer = browser(company, company.teacher).post(register, posted)
    assert answer.status_code == 302

    with context.in_school(company.school):
        assert Student.objects.get(admission_number="N001").first_name == "Neema"
        assert set(AttendanceMark.objects.values_list("student__first_name", "code")) >= {
            (company.amani.first_name, "A"),
        }
