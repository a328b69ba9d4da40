"""A database in which the demo was set up once, ten times smaller than life."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from schools.home import demo
from tenants import context
from tenants.models import School
from tests import database

TODAY = date(2026, 11, 23)
Load = Callable[..., list[str]]


@dataclass(frozen=True, slots=True)
class Demo:
    """Both demo schools as they were set up."""

    mwangaza: School
    baraka: School


@contextmanager
def empty_platform(*, keep: bool = False) -> Iterator[str]:
    """A database of its own in which no school has the demo's address; gives its name."""
    before, name = connection.settings_dict["NAME"], f"shule_demo_{uuid.uuid4().hex[:10]}"
    database.copy(name)
    database.use(name)
    try:
        with context.in_public(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM public.tenants_domain")
            cursor.execute("UPDATE public.tenants_school SET slug = 'cast-' || slug")
        yield name
    finally:
        database.use(before)
        if not keep:
            database.drop(name)


def load(*kinds: str, today: date = TODAY, scale: int = 10) -> list[str]:
    """Set up these demo schools around a day; gives back what was said."""
    at = datetime(today.year, today.month, today.day, 7, 0, tzinfo=UTC)
    return list(demo.set_up(demo.Wanted(kinds or ("mwangaza", "baraka"), today, at, scale)))


@pytest.fixture(scope="session")
def _database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of a database in which both schools were set up, loaded once for all tests that show it."""
    with django_db_blocker.unblock():
        with empty_platform(keep=True) as name:
            load()
        yield name
        database.drop(name)


@pytest.fixture
def shown(_database: str, django_db_blocker: Any) -> Iterator[Demo]:
    """The demo; tests that see it leave its year as it is."""
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        database.use(_database)
        with context.in_public():
            schools = {school.slug: school for school in School.objects.all()}
        yield Demo(schools["mwangaza"], schools["baraka"])
        database.use(before)


@pytest.fixture
def in_demo(shown: Demo) -> Iterator[School]:
    """Stand in the demo's Mwangaza School."""
    with context.in_school(shown.mwangaza):
        yield shown.mwangaza
