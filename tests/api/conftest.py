"""Callers of the API: keys and tokens of both schools, and people with a session."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from api import clients, scopes
from core import clock
from identity import accounts
from identity.models import User
from schools.academics import services as academics
from schools.academics.models import SchoolClass
from schools.assessment import services as assessment
from schools.attendance import services as attendance
from schools.people import services as people
from schools.people.models import Student
from tenants import context
from tenants.models import School
from tests.cast import Cast, Company

Connect = Callable[..., Client]


def host(school: School) -> str:
    """The school's host."""
    return f"{school.slug}.{settings.PLATFORM_DOMAIN}"


def service(school: School, roles: tuple[str, ...] = ("registrar",)) -> User:
    """A service account of a school."""
    with context.in_school(school):
        return accounts.service_account(name="Timetable maker", roles=list(roles), by=None, at=clock.now())


@pytest.fixture
def connect(cast: Cast, django_capture_on_commit_callbacks: Any) -> Connect:
    """`connect(school, only=…)`: a program with an API key of that school."""

    def open_connection(school: School, *, only: list[str] | None = None, **more: Any) -> Client:
        with django_capture_on_commit_callbacks(execute=True), context.in_school(school):
            user = service(school)
            wanted = scopes.every() if only is None else only
            _row, key = accounts.issue_key(user=user, name="Test", scopes=wanted, by=None, at=clock.now())
        client = Client(HTTP_HOST=host(school), HTTP_AUTHORIZATION=f"Bearer {key}", **more)
        client.key = key
        return client

    return open_connection


@pytest.fixture
def office(connect: Connect, mwangaza: School) -> Client:
    """A program of Mwangaza's office with every scope."""
    return connect(mwangaza)


@pytest.fixture
def oauth(mwangaza: School) -> tuple[str, str]:
    """The id and secret of an OAuth 2 client of Mwangaza's with every scope."""
    user = service(mwangaza)
    with context.in_school(mwangaza):
        return clients.create_client(name="Test", scopes=scopes.every(), user=user, by=None, at=clock.now())


@pytest.fixture
def life(cast: Cast, django_capture_on_commit_callbacks: Any) -> Company:
    """Mwangaza with a register taken and marks entered."""
    company = cast.mwangaza
    with django_capture_on_commit_callbacks(execute=True), context.in_school(company.school):
        enter_life(company)
    return company


def enter_life(company: Company) -> None:
    """A register with every kind of mark, and an assessment with a score, an absence and a remark."""
    at = clock.now()
    day = company.term.starts_on
    attendance.take(
        school_class=company.east,
        date=day,
        session="morning",
        marks=[
            {"student": company.amani.pk, "code": "A", "reason": "sick"},
            {"student": company.brian.pk, "code": "L", "minutes_late": 7},
        ],
        by=None,
        at=at,
    )
    paper = assessment.create_assessment(
        school_class=company.east,
        subject=company.maths,
        term=company.term,
        name='Opener "A" – ½',
        kind="opener",
        maximum=50,
        date=day,
        scale=company.scale,
        by=None,
        at=at,
    )
    assessment.enter_marks(
        assessment=paper,
        entries=[
            {"student": company.amani.pk, "score": "41.5", "remark": 'Näh ✓\t\\ "fine"'},
            {"student": company.brian.pk, "absent": True},
        ],
        by=None,
        at=at,
    )


def admit(number: int, school_class: SchoolClass | None = None) -> Student:
    """One more student with a guardian, in a class when one is given."""
    at = clock.now()
    student = people.admit(
        admission_number=f"Z{number:04}", first_name=f"Neema{number}", last_name="Test", by=None, at=at
    )
    guardian = people.add_guardian(first_name=f"Mama{number}", last_name="Test", by=None, at=at)
    people.link(student=student, guardian=guardian, relationship="mother", by=None, at=at)
    if school_class is not None:
        academics.enrol(student=student, school_class=school_class, on=school_class.year.starts_on, by=None, at=at)
    return student
