"""django-tenants' backend, with the current scope as its only source and the server's own word as its memory.

PostgreSQL 18 reports `search_path`, so the path in force is known without a round trip and SET is skipped only when it
is right: after a rollback, a raw SET, a failed statement or a pool's hand-over it is seen to be wrong and set again.
Servers that do not report it (16, 17) get one SET per cursor.
"""

import functools
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django_tenants.postgresql_backend import base
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from core import scope
from tenants import naming, pooler
from tenants.pooler import NOWHERE


def _visited(raw: Any) -> set[str]:
    """The schemas that a connection has stood in; kept on it, for the pool hands it from thread to thread."""
    seen: set[str] = raw.__dict__.setdefault("schemas_visited", set())
    return seen


def _retire_if_well_travelled(raw: Any) -> None:
    if len(_visited(raw)) > settings.DATABASE_SCHOOLS_PER_CONNECTION:
        raw._expire_at = 0.0  # the pool's own date of retirement


class SchemaEditor(DatabaseSchemaEditor):
    """Gives a unique or indexed text no second index for LIKE: nothing looks for the beginning of one.

    Each would be a file and a page of every school. A search that needs one names it in its model.
    """

    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        return None


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """One connection that always stands in the schema of `core.scope`, and nowhere outside every scope."""

    SchemaEditorClass = SchemaEditor
    include_public_schema = False
    tenant = None
    _setting_search_path: bool
    _touched = True

    @property
    def schema_name(self) -> str:
        """The schema of the current scope."""
        current = scope.current_or_none()
        return current.schema if current else NOWHERE

    @schema_name.setter
    def schema_name(self, value: Any) -> None:
        if value is not None:
            raise RuntimeError("The schema follows core.scope: enter it with in_school() or in_public().")

    def set_schema_to_public(self) -> None:
        """Called while the connection object is built: there is nothing to set."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Refuse django-tenants' own switch."""
        raise RuntimeError("Enter a school with tenants.context.in_school().")

    def ask(self, sql: str) -> "list[bytes | None] | None":
        """One row of a finished SELECT, in the current scope's schema and in one round trip: each value in the text
        form of PostgreSQL, or None; None where there is no row. A request that only asks holds no connection meanwhile.

        Outside a transaction the path travels with the SELECT and ends with it: two statements in one message are a
        transaction of their own. The driver's cursor, which would build Python values, costs as much as the answer.
        """
        pool = self.pool
        if self.connection is not None or pool is None:
            self.ensure_connection()
            if self.in_atomic_block:
                self._begin()
            return self._answered(self.connection, sql)
        with self.wrap_database_errors:
            pooler.verify(self.get_connection_params)
            pool.open()
            borrowed = pool.getconn()
            try:
                return self._answered(borrowed, sql)
            finally:
                _retire_if_well_travelled(borrowed)
                pool.putconn(borrowed)

    def _answered(self, raw: Any, sql: str) -> "list[bytes | None] | None":
        wanted, line = self.schema_name, raw.pgconn
        reported = line.parameter_status(b"search_path")
        right = reported is not None and reported == wanted.encode()
        _visited(raw).add(wanted)
        whole = sql if right else f"{_standing(wanted).replace('SET ', 'SET LOCAL ')}; {sql}"
        with self.wrap_database_errors:
            result = self._observed(line, whole)
        return [result.get_value(0, column) for column in range(result.nfields)] if result.ntuples else None

    def _begin(self) -> None:
        """Open the transaction that the surrounding block promised, where no statement has yet."""
        if self.connection.pgconn.transaction_status == TransactionStatus.IDLE:
            with self.cursor() as cursor:
                cursor.execute("SELECT")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection out of the pool, as every other was given back to it: standing nowhere."""
        self._touched = False
        pooler.verify(lambda: conn_params)
        return super().get_new_connection(conn_params)

    def _cursor(self, name: str | None = None) -> Any:
        self._touched = True
        return super()._cursor(name)

    def _close(self) -> None:
        """Give a connection back as it was opened, and drop one that cannot be reset or has seen many schools.

        Here and not in the pool's own thread: a wake-up costs more than the round trip. One that has only been asked
        stands nowhere already. The server's process remembers every table that it was asked for, until it ends.
        """
        raw = self.connection
        if raw is not None and self.pool:
            _retire_if_well_travelled(raw)
        if raw is not None and self.pool and not raw.closed and (self._touched or not self._stands_nowhere()):
            try:
                if raw.pgconn.transaction_status != TransactionStatus.IDLE:
                    raw.rollback()
                raw.autocommit = True
                raw.execute("RESET ALL")
            except psycopg.Error:
                raw.close()
        super()._close()

    def _stands_nowhere(self) -> bool:
        reported: bytes | None = self.connection.pgconn.parameter_status(b"search_path")
        return reported == NOWHERE.encode()

    def _observed(self, line: PGconn, sql: str) -> PGresult:
        """Run it under the wrappers that count and time statements, as Django's own cursors do."""
        run: Callable[..., PGresult] = functools.partial(self._run, line)
        for wrapper in reversed(self.execute_wrappers):
            run = functools.partial(wrapper, run)
        started = time.perf_counter()
        result = run(sql, None, False, {"connection": self, "cursor": None})
        if self.queries_logged:
            self.queries_log.append({"sql": sql, "time": f"{time.perf_counter() - started:.3f}"})
        return result

    @staticmethod
    def _run(line: PGconn, sql: str, params: Any, many: bool, context: dict[str, Any]) -> PGresult:
        result: PGresult = line.exec_(sql.encode())
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)
        return result

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self.connection is None:
            return
        wanted = self.schema_name
        reported = self.connection.pgconn.parameter_status(b"search_path")
        if reported is not None and reported == wanted.encode():
            return
        _visited(self.connection).add(wanted)
        self._setting_search_path = True
        own = self.connection.cursor() if cursor is None else cursor
        try:
            if self.connection.pgconn.transaction_status != TransactionStatus.INERROR:
                own.execute(_standing(wanted))
        finally:
            self._setting_search_path = False
            if cursor is None:
                own.close()


def _standing(schema: str) -> str:
    """Stand in a schema, and be held to what its school may ask of the server: set, rolled back and reset together."""
    current = scope.current_or_none()
    longest = current.longest_statement if current else 0
    return f"SET search_path = {naming.quoted(schema)}; SET statement_timeout = {longest or 'DEFAULT'}"
