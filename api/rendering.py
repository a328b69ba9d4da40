"""PostgreSQL writes the JSON: a page of a list is one statement that answers with the finished text.

The expressions here produce exactly the bytes that the Out serializers would: `tests/api/test_rendering.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Expression, F, FloatField, Func, JSONField, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Trim

from api.pagination import Order

Columns = Mapping[str, Any]
Listed = ArraySubquery


class Row(Func):
    """A JSON object of these names and expressions, written compactly and in this order."""

    output_field = JSONField()

    def __init__(self, **columns: Any) -> None:
        self.names = tuple(columns)
        super().__init__(*columns.values())

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """`row_to_json` of a subselect: unlike `json_build_object` it leaves out white space."""
        parts, params = [], []
        for name, expression in zip(self.names, self.get_source_expressions(), strict=True):
            sql, given = compiler.compile(expression)
            parts.append(f'{sql} AS "{name}"')
            params.extend(given)
        return f"row_to_json((SELECT r FROM (SELECT {', '.join(parts)}) r))", params  # noqa: S608

    @property
    def identity(self) -> Any:
        """Two rows of the same expressions under other names are different."""
        return (*super().identity, self.names)


class Moment(Func):
    """A moment in UTC with six digits after the second."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    output_field = TextField()


class Words(Func):
    """A `jsonb` list of strings, without the white space that PostgreSQL writes into `jsonb`."""

    template = (
        "COALESCE((SELECT array_to_json(array_agg(w ORDER BY n)) "
        "FROM jsonb_array_elements_text(%(expressions)s) WITH ORDINALITY AS t(w, n)), '[]'::json)"
    )
    output_field = JSONField()


class Pairs(Func):
    """A `jsonb` list of `{"key", "value"}`, without white space."""

    template = (
        "COALESCE((SELECT array_to_json(array_agg(p)) "
        "FROM jsonb_to_recordset(%(expressions)s) AS p(key text, value text)), '[]'::json)"
    )
    output_field = JSONField()


def number(path: str) -> Expression:
    """A decimal as a JSON number without trailing zeros."""
    return Cast(F(path), FloatField())


def reference(path: str, label: str = "name") -> Row:
    """`{"id": …, "name": …}` of a row that this one points to."""
    return Row(id=F(f"{path}_id"), name=F(f"{path}__{label}"))


def maybe(path: str, row: Row) -> Case:
    """The object, or null where the reference is empty."""
    return Case(When(**{f"{path}__isnull": False}, then=row), default=None, output_field=JSONField())


def short_name(prefix: str = "") -> Expression:
    """First and last name, as lists show them."""
    return Trim(Concat(F(f"{prefix}first_name"), Value(" "), F(f"{prefix}last_name")))


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page: the rows' JSON and its digest, whether more follow, and the keys of its ends as walked."""

    text: bytes
    digest: bytes
    more: bool
    first: list[str] | None
    last: list[str] | None


EMPTY = Page(b"", b"", False, None, None)


class Statement:
    """A compiled statement with its values written into it once: the same for every school and caller who sees all."""

    __slots__ = ("_bound", "params", "sql")

    def __init__(self, sql: str, params: tuple[Any, ...]) -> None:
        self.sql, self.params = sql, params
        self._bound: str | None = None

    def bound(self) -> str:
        """The statement with its values in it."""
        if self._bound is None:
            self._bound = connection.ops.compose_sql(self.sql, self.params)  # type: ignore[attr-defined]
        return self._bound

    def page(self) -> Page:
        """A page of a list."""
        text, digest, more, first, last = connection.ask(self.bound())  # type: ignore[attr-defined]
        return Page(text, digest, more == b"t", _keys(first), _keys(last)) if text is not None else EMPTY

    def one(self) -> tuple[bytes, str] | None:
        """The JSON of one row and its version."""
        return _versioned(connection.ask(self.bound()))  # type: ignore[attr-defined]

    def one_of(self, place: UUID, key: UUID) -> tuple[bytes, str] | None:
        """The same when `key` is put where it was compiled with `place`."""
        return _versioned(connection.ask(self.bound().replace(place.hex, key.hex)))  # type: ignore[attr-defined]


def _versioned(row: list[bytes] | None) -> tuple[bytes, str] | None:
    return None if row is None else (row[0], row[1].decode())


def _keys(text: bytes | None) -> list[str] | None:
    return None if text is None else orjson.loads(text)


def page(
    rows: QuerySet[Any, Any], columns: Columns, order: Order, *, size: int, back: bool = False
) -> Statement | None:
    """Compile a page of these rows; None when they are known to be none."""
    keys = {f"_k{number}": F(path) for number, path in enumerate(order.paths)}
    wanted = rows.order_by(*order.clauses(reverse=back)).annotate(_json=Row(**columns), **keys)
    inner = wanted.values_list("_json", *keys)[: size + 1].query
    try:
        sql, params = inner.sql_with_params()
    except EmptyResultSet:
        return None
    names = ", ".join(f"k{number}" for number in range(len(keys)))
    kept = ", ".join(f"q.k{number}::text" for number in range(len(keys)))
    direction = "DESC" if back else "ASC"
    outer = (
        f"SELECT p.j, md5(p.j), p.more, p.first, p.last FROM ("  # noqa: S608
        f"SELECT string_agg(j, ',' ORDER BY n {direction}) FILTER (WHERE n <= {size}) AS j, count(*) > {size} AS more,"
        f" array_to_json(max(k) FILTER (WHERE n = 1)) AS first, array_to_json(max(k) FILTER (WHERE n = {size})) AS last"
        f" FROM (SELECT row_number() OVER () AS n, q.j::text AS j, ARRAY[{kept}] AS k"
        f" FROM ({sql}) q(j, {names})) x) p"
    )
    return Statement(outer, tuple(params))


def one(rows: QuerySet[Any, Any], columns: Columns) -> Statement | None:
    """Compile the JSON of the single row among these, and its version; None when there is known to be none."""
    inner = rows.order_by().annotate(_json=Row(**columns), _at=F("updated_at")).values_list("_json", "_at")[:1].query
    try:
        sql, params = inner.sql_with_params()
    except EmptyResultSet:
        return None
    version = "to_char(q.at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')"
    return Statement(f"SELECT q.j::text, {version} FROM ({sql}) q(j, at)", tuple(params))  # noqa: S608
