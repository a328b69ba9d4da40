"""One template database for a run, a copy of it for each process, and more copies where a test must commit."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connection, connections

from tests import cast

LOCK = 0x7E57
TEMPLATE = f"shule_cast_{os.environ.get('PYTEST_XDIST_TESTRUNUID', str(os.getpid()))[:12]}"


def make_template() -> None:
    """Migrate, provision both schools and their people, once for all processes of the run."""
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if _exists(server, TEMPLATE):
            return
        server.execute(f'CREATE DATABASE "{TEMPLATE}_half"')
        use(f"{TEMPLATE}_half")
        call_command("migrate_shared", verbosity=0)
        cast.build()
        leave()
        server.execute(f'ALTER DATABASE "{TEMPLATE}_half" RENAME TO "{TEMPLATE}"')


def copy(name: str) -> None:
    """A fresh copy of the template under this name."""
    with _server() as server:
        _remove(server, name)
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY FILE_COPY')


def drop(name: str) -> None:
    """Remove a copy, whoever is still connected."""
    with _server() as server:
        _remove(server, name)


def use(name: str) -> None:
    """Point every connection of this process at a database."""
    leave()
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def leave() -> None:
    """Close this thread's connection and the pool behind it."""
    connections["default"].close()
    connections["default"].close_pool()


def structure(schema: str) -> list[str]:
    """Everything pg_dump says of a schema but its name, its order and the casts that a reread expression gains."""
    found = connection.settings_dict
    done = subprocess.run(
        ["pg_dump", "--schema-only", "--no-owner", "--schema", schema, "-h", found["HOST"], "-p", found["PORT"],
         "-U", found["USER"], found["NAME"]],
        env={**os.environ, "PGPASSWORD": found["PASSWORD"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    text = re.sub(rf"\b{schema}\b", "school", done.stdout)
    text = re.sub(r"[()]|::(character varying|text)(\[\])?", "", text)
    statements = [s.strip() for s in text.split(";\n") if "restrict" not in s]
    assert any("TRIGGER" in s for s in statements) and any("FOREIGN KEY" in s for s in statements)
    return sorted(re.sub(r"^--.*$", "", s, flags=re.MULTILINE).strip() for s in statements)


@contextmanager
def _server() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    address = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    with psycopg.connect(address, autocommit=True) as server:
        yield server


def _remove(server: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """End who is connected, then drop it: FORCE alone is refused while the server's own vacuum looks in."""
    server.execute(
        """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
           WHERE datname = %s AND backend_type = 'client backend'""",
        [name],
    )
    server.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _exists(server: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
