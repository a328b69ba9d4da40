"""What is in the tables, so that a refusal can be seen to have written nothing."""

from collections.abc import Callable

import pytest
from django.db import connection

from tenants import context
from tenants.models import School
from tests.cast import Cast

PASSING = {"django_session", "api_replay"}  # visits, and answers that are kept to be given again


@pytest.fixture
def content(cast: Cast) -> Callable[[], dict[str, str]]:
    """`content()`: a digest of every table of Mwangaza and of the platform."""
    schemas = (cast.mwangaza.school.schema, "public")
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE'",
            [list(schemas)],
        )
        tables = [(schema, name) for schema, name in cursor.fetchall() if name not in PASSING]
    asked = " UNION ALL ".join(
        f"SELECT '{schema}.{name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {schema}.{name} t"
        for schema, name in tables
    )

    def digest() -> dict[str, str]:
        with context.in_public(), connection.cursor() as cursor:
            cursor.execute(asked)
            return dict(cursor.fetchall())

    return digest


@pytest.fixture
def mwangaza(cast: Cast) -> School:
    """Mwangaza School."""
    return cast.mwangaza.school
