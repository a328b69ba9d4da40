"""Connections apart from Django's: for work that names its schema itself and needs a transaction of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

Connection = psycopg.Connection[tuple[object, ...]]


def conninfo(**changes: object) -> str:
    """Where the application's database is."""
    found = connection.settings_dict
    known = {
        "dbname": found["NAME"],
        "user": found["USER"],
        "password": found["PASSWORD"],
        "host": found["HOST"],
        "port": found["PORT"],
    }
    return psycopg.conninfo.make_conninfo(**{**known, **changes})


@contextmanager
def apart(where: str = "") -> Iterator[Connection]:
    """A connection of its own that stands in no schema, committed at the end of the block."""
    options = "-c search_path=no_tenant_selected -c TimeZone=UTC -c DateStyle=ISO -c extra_float_digits=1"
    with psycopg.connect(where or conninfo(), options=options, application_name="shule-copies") as own:
        yield own


@contextmanager
def snapshot(where: str = "") -> Iterator[Connection]:
    """The same, reading one moment of the database for the whole block."""
    with apart(where) as own:
        own.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        own.read_only = True
        yield own
