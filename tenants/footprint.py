"""What a school's tables take in the database: bytes, and the files that the server's machine must hold."""

from dataclasses import dataclass

from django.db import connection

from tenants import context

_FILE_BYTES = 1 << 30  # PostgreSQL cuts a longer file in parts
_MEASURED = """
WITH own AS (
    SELECT c.oid, c.reltoastrelid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relkind IN ('r', 'm', 'S')
), relation AS (
    SELECT oid FROM own UNION ALL SELECT reltoastrelid FROM own WHERE reltoastrelid <> 0
), stored AS (
    SELECT oid FROM relation UNION ALL SELECT x.indexrelid FROM pg_index x JOIN relation r ON r.oid = x.indrelid
), fork AS (
    SELECT f.name, pg_relation_size(s.oid, f.name) AS bytes
    FROM stored s CROSS JOIN (VALUES ('main'), ('fsm'), ('vm')) AS f (name)
)
SELECT coalesce(sum(bytes), 0), coalesce(sum(greatest((name = 'main')::int, ceil(bytes::numeric / %s))), 0),
       (SELECT count(*) FROM pg_class c JOIN own USING (oid) WHERE c.relkind = 'r'),
       (SELECT count(*) FROM pg_index x JOIN own ON own.oid = x.indrelid)
FROM fork
"""


@dataclass(frozen=True, slots=True)
class Footprint:
    """How much one schema takes; what is too long for a row and the maps of free and visible pages are counted in."""

    bytes: int
    files: int
    tables: int
    indexes: int


def of(schema: str) -> Footprint:
    """Measure one schema; all noughts for one that does not exist."""
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(_MEASURED, [schema, _FILE_BYTES])
        return Footprint(*(int(value) for value in cursor.fetchone()))
