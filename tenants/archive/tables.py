"""The tables of one schema, by COPY: out in the order of their keys, in as they were."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import sql

from tenants.database import Connection

LEFT_OUT = ("django_session",)  # who is signed in now is no data: everybody signs in again


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns that hold data, and those of its key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def of(own: Connection, schema: str) -> list[Table]:
    """Every table of a schema but those that are left out, by name."""
    rows = own.execute(
        """SELECT c.relname,
                  array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
                  coalesce((SELECT array_agg(k.attname::text ORDER BY k.attnum)
                            FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY(i.indkey)
                            WHERE i.indrelid = c.oid AND i.indisprimary), '{}')
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE n.nspname = %s AND c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname""",
        [schema],
    ).fetchall()
    return [Table(str(name), tuple(columns), tuple(key)) for name, columns, key in rows if name not in LEFT_OUT]  # type: ignore[arg-type]


def out(own: Connection, schema: str, name: str, columns: tuple[str, ...], key: tuple[str, ...]) -> Iterator[bytes]:
    """A table as CSV with its head, in the order of its key: the same rows are the same bytes."""
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT (FORMAT csv, HEADER true)").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Identifier(schema, name),
        sql.SQL(", ").join(map(sql.Identifier, key or columns)),
    )
    with own.cursor() as cursor, cursor.copy(statement) as copied:
        for piece in copied:
            yield bytes(piece)


def rows(own: Connection, schema: str, name: str) -> int:
    """How many rows a table has."""
    found = own.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))).fetchone()
    assert found is not None
    return int(str(found[0]))


def fingerprint(own: Connection, schema: str, name: str, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    """SHA-256 of what `out` writes."""
    digest = hashlib.sha256()
    for piece in out(own, schema, name, columns, key):
        digest.update(piece)
    return digest.hexdigest()


def take_in(own: Connection, schema: str, name: str, columns: tuple[str, ...], pieces: Iterator[bytes]) -> int:
    """Put what `out` wrote into an empty table; gives back how many rows."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER match)").format(
        sql.Identifier(schema, name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with own.cursor() as cursor:
        with cursor.copy(statement) as copied:
            for piece in pieces:
                copied.write(piece)
        return cursor.rowcount


def wind_counters(own: Connection, schema: str) -> None:
    """Set every counter of a schema behind the highest number that its table holds."""
    counters = own.execute(
        """SELECT s.relname, t.relname, a.attname FROM pg_class s
           JOIN pg_namespace n ON n.oid = s.relnamespace
           JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
           JOIN pg_class t ON t.oid = d.refobjid
           JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
           WHERE n.nspname = %s AND s.relkind = 'S'""",
        [schema],
    ).fetchall()
    for counter, table, column in counters:
        own.execute(
            sql.SQL(
                "SELECT setval({}::regclass, coalesce(max({column}), 1), max({column}) IS NOT NULL) FROM {table}"
            ).format(
                sql.Literal(sql.Identifier(schema, str(counter)).as_string(own)),
                column=sql.Identifier(str(column)),
                table=sql.Identifier(schema, str(table)),
            )
        )
