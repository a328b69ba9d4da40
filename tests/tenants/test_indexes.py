"""No index of a school or of the platform does nothing, but for those that are kept on purpose."""

from collections.abc import Iterator

import pytest
from django.db import connection

from core.scope import PUBLIC_SCHEMA
from tenants import context, indexes
from tenants.models import School


def idle(schema: str) -> dict[str, str]:
    return {index.name: why for index, why in indexes.idle(indexes.of(schema))}


def test_every_index_that_does_nothing_is_kept_on_purpose_and_none_besides(mwangaza: School) -> None:
    known = indexes.of(mwangaza.schema)
    assert {"people_student_pkey", "academics_class_name", "attendance_mark_once"} <= {index.name for index in known}
    assert set(idle(mwangaza.schema)) == set(indexes.ON_PURPOSE)
    assert idle(PUBLIC_SCHEMA) == {}


@pytest.fixture
def shelf(db: None) -> Iterator[None]:
    """A table in a schema of its own."""
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA s_shelf; CREATE TABLE s_shelf.book (a int, b int, title varchar(40))")
        cursor.execute("CREATE UNIQUE INDEX a_b ON s_shelf.book (a, b)")
    yield


@pytest.mark.parametrize(
    ("index", "why"),
    [
        ("INDEX more ON s_shelf.book (title varchar_pattern_ops)", "it serves LIKE alone"),
        ("INDEX more ON s_shelf.book (a)", "a_b begins with its columns"),
        ("INDEX more ON s_shelf.book (a DESC)", "a_b begins with its columns"),
        ("INDEX more ON s_shelf.book (a, b)", "a_b begins with its columns"),
        ("UNIQUE INDEX more ON s_shelf.book (a, b)", "a_b begins with its columns"),
    ],
)
def test_an_index_that_does_nothing_is_named_with_the_reason(shelf: None, index: str, why: str) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"CREATE {index}")
    assert idle("s_shelf") == {"more": why}


@pytest.mark.parametrize(
    "index",
    [
        "INDEX more ON s_shelf.book (b)",
        "INDEX more ON s_shelf.book (a, title)",
        "INDEX more ON s_shelf.book (a, b DESC)",
        "INDEX more ON s_shelf.book (a) WHERE b > 1",
        "INDEX more ON s_shelf.book USING hash (a)",
        "INDEX more ON s_shelf.book (lower(title))",
        "UNIQUE INDEX more ON s_shelf.book (a)",
    ],
)
def test_an_index_that_finds_what_no_other_finds_is_left_alone(shelf: None, index: str) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"CREATE {index}")
    assert idle("s_shelf") == {}
