"""A process does not serve where a pooler would mix schools: asked of a real PgBouncer."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from deploy.local import ports
from tenants import pooler
from tests import pgbouncer

DEFAULTS = (("search_path", "no_tenant_selected"), ("TimeZone", "UTC"))


@pytest.fixture
def begins_nowhere(own_database: str) -> str:
    """A database whose connections begin as they should even where a pooler drops startup options."""
    with psycopg.connect(direct(own_database), autocommit=True) as server:
        for name, value in DEFAULTS:
            server.execute(f"ALTER DATABASE \"{own_database}\" SET {name} = '{value}'")
    connection.close_pool()
    return own_database


@pytest.fixture
def parameters() -> Iterator[Any]:
    """`parameters(address)`: what Django would connect with at that address."""

    def at(address: str) -> dict[str, Any]:
        found = psycopg.conninfo.conninfo_to_dict(address)
        return {**connection.get_connection_params(), **found, "dbname": found["dbname"]}

    yield at


def direct(name: str) -> str:
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def test_postgresql_itself_is_found_safe(own_database: str, parameters: Any) -> None:
    took = []
    for _ in range(5):
        started = time.perf_counter()
        pooler.check(parameters(direct(own_database)))
        took.append(time.perf_counter() - started)
    print("self-check, milliseconds:", [round(one * 1000, 1) for one in took])


def test_transaction_mode_is_refused(begins_nowhere: str, parameters: Any) -> None:
    with (
        pgbouncer.running(begins_nowhere, mode="transaction") as address,
        pytest.raises(pooler.Unsafe, match="a pooler here mixes schools"),
    ):
        pooler.check(parameters(address))


@pytest.mark.parametrize("size", [2, 3, 8])
def test_transaction_mode_is_refused_however_it_deals_connections_out(
    begins_nowhere: str, parameters: Any, size: int
) -> None:
    round_robin = f"server_round_robin = 1\nmin_pool_size = {size}"
    with pgbouncer.running(begins_nowhere, mode="transaction", size=size, settings=round_robin) as address:
        with psycopg.connect(address) as one, psycopg.connect(address) as other:
            one.execute("SELECT 1"), other.execute("SELECT 1")  # at least two server connections stand
        for _ in range(3):
            with pytest.raises(pooler.Unsafe, match="a pooler here mixes schools"):
                pooler.check(parameters(address))


def test_statement_mode_is_refused(begins_nowhere: str, parameters: Any) -> None:
    with pgbouncer.running(begins_nowhere, mode="statement") as address, pytest.raises((pooler.Unsafe, psycopg.Error)):
        pooler.check(parameters(address))


def test_session_mode_is_accepted(begins_nowhere: str, parameters: Any) -> None:
    with pgbouncer.running(begins_nowhere, mode="session") as address:
        pooler.check(parameters(address))


def test_session_mode_that_never_resets_is_refused(begins_nowhere: str, parameters: Any) -> None:
    with (
        pgbouncer.running(begins_nowhere, mode="session", settings="server_reset_query = ''") as address,
        pytest.raises(pooler.Unsafe, match="a pooler here mixes schools"),
    ):
        pooler.check(parameters(address))


def test_a_pooler_that_drops_the_start_nowhere_is_refused_with_the_remedy(own_database: str, parameters: Any) -> None:
    with pgbouncer.running(own_database, mode="session") as address, pytest.raises(pooler.Unsafe) as refused:
        pooler.check(parameters(address))
    assert 'search_path is "$user", public, not no_tenant_selected' in str(refused.value)
    assert "ALTER DATABASE" in str(refused.value)


STARTS = {
    "web": ["-m", "granian", "--interface", "wsgi", "config.wsgi:application", "--workers", "1", "--no-ws"],
    "worker": ["-m", "celery", "-A", "workers.app", "worker", "-c", "1", "--without-gossip", "--without-mingle"],
}


@pytest.mark.parametrize("process", STARTS)
def test_web_and_worker_end_with_one_line_instead_of_serving(begins_nowhere: str, process: str) -> None:
    port = {"GRANIAN_PORT": str(ports.any_free())}
    with pgbouncer.running(begins_nowhere, mode="transaction") as address:
        ended = subprocess.run(
            [sys.executable, *STARTS[process]], env={**environment(), **port, "DATABASE_URL": address},
            cwd=settings.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=90, check=False,
        )  # fmt: skip
    assert ended.returncode == 1, ended.stdout
    told = [line for line in ended.stdout.splitlines() if line.startswith("DATABASE_URL: a pooler here mixes schools")]
    assert len(told) == 1, ended.stdout
    assert "Traceback" not in ended.stdout and "ready" not in ended.stdout


def test_a_database_that_is_away_at_the_start_is_asked_when_it_is_back(begins_nowhere: str) -> None:
    script = "import config.wsgi, tenants.pooler; print(tenants.pooler._found_safe)"
    nobody = f"postgresql://shule:x@127.0.0.1:1/{begins_nowhere}"
    ended = subprocess.run(
        [sys.executable, "-c", script], env={**environment(), "DATABASE_URL": nobody}, cwd=settings.ROOT,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout.strip()) == (0, "False"), ended.stderr


def test_no_connection_is_handed_out_before_the_pooler_was_found_safe(
    begins_nowhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooler, "_found_safe", False)
    with pgbouncer.running(begins_nowhere, mode="transaction") as address:
        found = psycopg.conninfo.conninfo_to_dict(address)
        for name, value in (("HOST", found["host"]), ("PORT", found["port"])):
            monkeypatch.setitem(connection.settings_dict, name, value)
        connection.close_pool()
        with pytest.raises(pooler.Unsafe), connection.cursor():
            pass
        connection.close_pool()


def environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
