"""Where every school stands, read in one pass: one statement for a hundred schools, none for each.

A digest of the applied migrations is compared with the head's. Only where it differs, and once for each digest that
differs, are the names read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from tenants import context, naming
from tenants.fleet import head
from tenants.models import UpgradeState

CHUNK = 100


class Place(models.TextChoices):
    """Where a school's schema stands against this version."""

    AT_HEAD = "at_head", _("Of this version")
    BEHIND = "behind", _("Waits for this version")
    FAILED = "failed", _("Could not be brought to this version")
    AHEAD = "ahead", _("Of a later version")


@dataclass(frozen=True, slots=True)
class Standing:
    """One school against the head."""

    school_id: UUID
    slug: str
    schema: str
    is_canary: bool
    digest: str
    place: Place
    missing: tuple[head.Key, ...] = ()
    attempts: int = 0
    error: str = ""


def read(wanted: head.Head | None = None) -> list[Standing]:
    """Every school that has a schema, whatever its state, by slug."""
    wanted = wanted or head.current()
    with context.in_public():
        schools = _schools(wanted)
        digests = dict(_digests([row.schema for row in schools]))
        known = {wanted.digest: wanted.keys}
        for schema, digest in digests.items():
            if digest not in known:
                known[digest] = applied(schema)
    return [_standing(row, digests[row.schema], known[digests[row.schema]], wanted) for row in schools]


def count(standings: Sequence[Standing] | None = None) -> Mapping[Place, int]:
    """How many schools stand in each place, those without one as 0."""
    counted = Counter(s.place for s in (read() if standings is None else standings))
    return {place: counted[place] for place in Place}


def applied(schema: str) -> frozenset[head.Key]:
    """The migrations that one schema has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {naming.quoted(schema)}.django_migrations")  # noqa: S608 - quoted
        return frozenset((app, name) for app, name in cursor.fetchall())


def has_schema(schema: str) -> bool:
    """Whether a school's tables stand: not before its set-up, nor once it is archived."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{naming.quoted(schema)}.django_migrations"])
        return cursor.fetchone()[0] is not None


@dataclass(frozen=True, slots=True)
class _Row:
    school_id: UUID
    slug: str
    schema: str
    is_canary: bool
    state: str
    attempts: int
    error: str


def _schools(wanted: head.Head) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.id, s.slug, s.schema, s.is_canary,
                      coalesce(u.state, ''), coalesce(u.attempts, 0), coalesce(u.error, '')
               FROM tenants_school s LEFT JOIN tenants_upgrade u ON u.school_id = s.id AND u.target = %s
               WHERE to_regclass(s.schema || '.django_migrations') IS NOT NULL ORDER BY s.slug""",
            [wanted.digest],
        )
        return [_Row(*row) for row in cursor.fetchall()]


def _digests(schemas: Sequence[str]) -> Iterator[tuple[str, str]]:
    one = """SELECT '{0}', coalesce(md5(string_agg(app || '.' || name, ',' ORDER BY app || '.' || name COLLATE "C")),
             md5('')) FROM {0}.django_migrations"""
    for first in range(0, len(schemas), CHUNK):
        some = schemas[first : first + CHUNK]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(one.format(naming.quoted(schema)) for schema in some))
            yield from cursor.fetchall()


def _standing(row: _Row, digest: str, applied: frozenset[head.Key], wanted: head.Head) -> Standing:
    missing = wanted.missing(applied)
    if digest == wanted.digest:
        place = Place.AT_HEAD
    elif not missing:
        place = Place.AHEAD
    else:
        place = Place.FAILED if row.state == UpgradeState.FAILED else Place.BEHIND
    return Standing(row.school_id, row.slug, row.schema, row.is_canary, digest, place, missing, row.attempts, row.error)
