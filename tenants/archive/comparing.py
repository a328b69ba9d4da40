"""What would change if another schema stood in the place of a school's own: rows that come, change and go."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.utils import translation
from psycopg import sql

from tenants.archive import tables
from tenants.database import Connection

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """One table: rows that come back, are otherwise, and go away; some of their keys."""

    table: str
    label: str
    added: int
    changed: int
    removed: int
    examples: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def differences(own: Connection, live: str, side: str) -> list[Difference]:
    """Table by table, what of `live` would be otherwise with `side` in its place; equal tables are left out."""
    labels = _labels()
    ours = {table.name: table for table in tables.of(own, live)}
    found = []
    for theirs in tables.of(own, side):
        mine = ours.pop(theirs.name, None)
        label = labels.get(theirs.name, theirs.name)
        if mine is None:
            if rows := tables.rows(own, side, theirs.name):
                found.append(Difference(theirs.name, label, rows, 0, 0))
            continue
        one = _compare(own, live, side, mine, theirs, label)
        if one.added or one.changed or one.removed:
            found.append(one)
    for name in ours:
        if rows := tables.rows(own, live, name):
            found.append(Difference(name, labels.get(name, name), 0, 0, rows))
    return sorted(found, key=lambda one: one.label)


def _compare(own: Connection, live: str, side: str, mine: tables.Table, theirs: tables.Table, label: str) -> Difference:
    shared = sorted(set(mine.columns) & set(theirs.columns))
    key = theirs.key or tuple(shared)
    row = sql.SQL("md5(ROW({})::text)").format(sql.SQL(", ").join(map(sql.Identifier, shared)))
    name = sql.SQL("ROW({})::text").format(sql.SQL(", ").join(map(sql.Identifier, key)))
    statement = sql.SQL(
        """WITH l AS (SELECT {name} AS k, {row} AS h FROM {live}), s AS (SELECT {name} AS k, {row} AS h FROM {side}),
                d AS (SELECT coalesce(l.k, s.k) AS k,
                             CASE WHEN l.k IS NULL THEN 1 WHEN s.k IS NULL THEN 3 ELSE 2 END AS what
                      FROM l FULL JOIN s ON l.k = s.k WHERE l.h IS DISTINCT FROM s.h)
           SELECT count(*) FILTER (WHERE what = 1), count(*) FILTER (WHERE what = 2), count(*) FILTER (WHERE what = 3),
                  (array_agg(trim('()' FROM k) ORDER BY what, k))[1:{shown}] FROM d"""
    ).format(
        name=name,
        row=row,
        live=sql.Identifier(live, mine.name),
        side=sql.Identifier(side, theirs.name),
        shown=sql.Literal(SHOWN),
    )
    counted = own.execute(statement).fetchone()
    assert counted is not None
    added, changed, removed, examples = counted
    return Difference(
        mine.name,
        label,
        int(str(added)),
        int(str(changed)),
        int(str(removed)),
        tuple(map(str, examples or ())),  # type: ignore[call-overload]
    )


def _labels() -> Mapping[str, str]:
    """Tables in the words of their models, in English: a difference is kept and read by whoever comes."""
    with translation.override("en"):
        return {
            model._meta.db_table: re.sub(r"(?<=[^aeiou])ys$", "ies", str(model._meta.verbose_name_plural)).capitalize()
            for model in apps.get_models(include_auto_created=True)
        }
