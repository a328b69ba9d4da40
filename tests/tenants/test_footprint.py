"""What a school takes in the database: counted to the page and the file."""

from io import StringIO

from django.core.management import call_command
from django.db import connection

from tenants import context, footprint
from tenants.footprint import Footprint
from tenants.models import School

PAGE = 8192


def test_every_file_of_a_schema_is_counted_with_what_hangs_on_its_tables(db: None) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA s_measured; CREATE TABLE s_measured.one (id int PRIMARY KEY, said text)")
        # The table, its index, what is too long for a row, and the index of that; an index begins with one page.
        assert footprint.of("s_measured") == Footprint(bytes=2 * PAGE, files=4, tables=1, indexes=1)
        cursor.execute("INSERT INTO s_measured.one VALUES (1, 'short')")
        # A page of rows, and the page of the index that holds the first of its keys.
        assert footprint.of("s_measured") == Footprint(bytes=4 * PAGE, files=4, tables=1, indexes=1)


def test_a_schema_that_is_not_there_takes_nothing(db: None) -> None:
    assert footprint.of("s_nowhere") == Footprint(bytes=0, files=0, tables=0, indexes=0)


def test_the_operator_asks_for_one_school_or_for_all(mwangaza: School, baraka: School) -> None:
    one, every = StringIO(), StringIO()
    call_command("school", "size", "mwangaza", stdout=one)
    call_command("school", "size", stdout=every)
    size = footprint.of(mwangaza.schema)
    assert one.getvalue().split() == [
        "mwangaza", f"{size.bytes:,}", "bytes", f"{size.files:,}", "files", f"{size.tables:,}", "tables",
        f"{size.indexes:,}", "indexes",
    ]  # fmt: skip
    assert [line.split()[0] for line in every.getvalue().splitlines()] == ["baraka", "mwangaza"]
