"""Refuse to work behind a pooler that mixes schools.

`SET search_path` belongs to a connection. A pooler that gives one server connection to several clients in turn, as
PgBouncer in transaction mode does, gives away a school's path with it. Two clients at the real address show it in a few
milliseconds: before a process serves, and at the latest before its first connection is handed out.
"""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from tenants import naming

NOWHERE = "no_tenant_selected"
ONE, OTHER = "shule_check_one", "shule_check_other"  # schemas of no school: their names on a path touch nothing
ROUNDS = 8
MIXES = (
    "DATABASE_URL: a pooler here mixes schools ({how}). Connect without it, or set its pool_mode to session with "
    "server_reset_query = DISCARD ALL."
)
FORGETS = (
    "DATABASE_URL: a connection opened here does not begin as it was asked to ({name} is {found}, not {wanted}). Where "
    "a pooler ignores startup options: ALTER DATABASE … SET {name} = '{wanted}'."
)
_checking = threading.Lock()
_found_safe = False


class Unsafe(ImproperlyConfigured):
    """This process may not work like this; the message is one line for whoever set it up."""


def require() -> None:
    """End this process with one line when the pooler is unsafe; a database that is away is asked when it is back."""
    try:
        verify(connections["default"].get_connection_params)
    except Unsafe as problem:
        raise SystemExit(str(problem)) from None
    except psycopg.OperationalError:
        return


def verify(parameters: Callable[[], dict[str, Any]]) -> None:
    """Look once in a process; raises Unsafe, or what psycopg raises when nobody answers."""
    global _found_safe
    if _found_safe:
        return
    with _checking:
        if not _found_safe:
            check(parameters())
            _found_safe = True


def check(parameters: dict[str, Any]) -> None:
    """Two clients, each on a path of its own, must keep it while the other works; raises Unsafe."""
    plain = {**parameters, "autocommit": True, "cursor_factory": psycopg.Cursor, "context": None}
    with psycopg.connect(**plain) as one, psycopg.connect(**plain) as other:
        for name, wanted in (("search_path", NOWHERE), ("TimeZone", "UTC")):
            for client in (one, other):
                found = _ask(client, f"SHOW {name}")
                if name == "search_path" and found != wanted and naming.SCHEMA.fullmatch(found):
                    raise Unsafe(MIXES.format(how=f"a new client stands in {found}, where another stood"))
                if found != wanted:
                    raise Unsafe(FORGETS.format(name=name, found=found, wanted=wanted))
        servers = {_ask(one, "SELECT pg_backend_pid()")}
        one.execute(f"SET search_path = {ONE}")
        for _ in range(ROUNDS):
            # While the other client holds whichever connection it was given, ours must still be ours.
            other.execute("BEGIN")
            other.execute(f"SET search_path = {OTHER}")
            _keeps(one, ONE)
            other.execute("COMMIT")
            _keeps(other, OTHER)
            servers.add(_ask(one, "SELECT pg_backend_pid()"))
            if len(servers) == 1:
                break  # one client, one server connection: nobody stands between, or it keeps them together
        if len(servers) > 1 and one.pgconn.parameter_status(b"search_path") is None:
            raise Unsafe(MIXES.format(how="one client was given several server connections"))
        one.close()  # it leaves as it stands, and whoever comes next must stand nowhere
        with psycopg.connect(**plain) as follower:
            _keeps(follower, NOWHERE)


def _keeps(client: psycopg.Connection[Any], wanted: str) -> None:
    found = _ask(client, "SHOW search_path")
    if found != wanted:
        raise Unsafe(MIXES.format(how=f"a client that stood in {wanted} was moved to {found}"))
    reported = client.pgconn.parameter_status(b"search_path")
    if reported is not None and reported != wanted.encode():
        raise Unsafe(MIXES.format(how=f"a client in {wanted} was told that it stands in {reported.decode()}"))


def _ask(client: psycopg.Connection[Any], sql: str) -> Any:
    row = client.execute(sql).fetchone()
    assert row is not None
    return row[0]
