"""Figures of a school that a copy carries and a restored school must have: each domain names those it answers for.

Rows are compared one by one elsewhere. A total says more: that what they add up to is the same, after every migration
between the copy's version and this one.
"""

from collections.abc import Mapping

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from core.errors import Conflict
from tenants.database import Connection

NOT_THERE_YET = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
_wanted: dict[str, str] = {}


class DoesNotReconcile(Conflict):
    """A restored school does not add up to what its copy says."""

    code = "does_not_reconcile"


def register(name: str, statement: str) -> None:
    """Add a total; called from AppConfig.ready(). The statement gives one value and names tables as {schema}.table.

    A total whose meaning changes gets a new name, so that it is not held against the copies of before.
    """
    _wanted[name] = statement


def of(own: Connection, schema: str) -> dict[str, str]:
    """Every total of a schema in the transaction of this connection; without those whose tables it does not have."""
    found = {}
    for name, statement in sorted(_wanted.items()):
        question = sql.SQL(statement).format(schema=sql.Identifier(schema))
        try:
            with own.transaction():
                row = own.execute(question).fetchone()
        except NOT_THERE_YET:
            continue
        found[name] = str(row[0]) if row and row[0] is not None else ""
    return found


def check(own: Connection, schema: str, promised: Mapping[str, str]) -> None:
    """Hold a schema against the totals of its copy; raises DoesNotReconcile, which names each that is otherwise."""
    there = of(own, schema)
    wrong = {name: (value, there[name]) for name, value in promised.items() if there.get(name, value) != value}
    if wrong:
        lines = [
            _("%(name)s: the copy says %(before)s, restored are %(after)s")
            % {"name": name, "before": before or "-", "after": after or "-"}
            for name, (before, after) in wrong.items()
        ]
        raise DoesNotReconcile("; ".join(lines), errors={"totals": lines})
