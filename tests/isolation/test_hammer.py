"""The hammer, small in the suite and whole by `make hammer`: HAMMER=<schools>x<threads>x<requests>."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from tests import pgbouncer
from tests.isolation import hammer

SCHOOLS, THREADS, REQUESTS = map(int, os.environ.get("HAMMER", "4x12x480").split("x"))
POOLS = {"a pool of 8": 8, "a pool of 1": 1, "PgBouncer in session mode": 8}


@contextmanager
def through(pool: str, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every thread's connections come out of a pool of this size; in the last case each of them through PgBouncer."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"]["pool"], "max_size", POOLS[pool])
    connection.close_pool()
    if "PgBouncer" not in pool:
        yield
        return
    with psycopg.connect(f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database}", autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{database}" SET search_path = no_tenant_selected')
        server.execute(f"ALTER DATABASE \"{database}\" SET TimeZone = 'UTC'")
    with pgbouncer.running(database, mode="session", size=POOLS[pool]) as address:
        found = urlsplit(address)
        monkeypatch.setitem(connection.settings_dict, "HOST", found.hostname)
        monkeypatch.setitem(connection.settings_dict, "PORT", str(found.port))
        yield
        connection.close()
        connection.close_pool()


@pytest.mark.parametrize("pool", POOLS)
def test_no_answer_ever_holds_another_schools_canary(
    own_database: str, settings: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pool: str
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10_000_000  # type: ignore[attr-defined]
    targets = hammer.schools(SCHOOLS)
    connection.close()
    with through(pool, own_database, monkeypatch):
        result = hammer.strike(targets, threads=THREADS, requests=REQUESTS)
    with capsys.disabled():
        print(
            f"\nhammer: {SCHOOLS} schools, {THREADS} threads, {pool}, {result.requests} requests,"
            f" {dict(result.statuses)}, {len(result.foreign)} foreign canaries"
        )
    assert result.requests == REQUESTS // THREADS * THREADS
    assert result.foreign == []
    assert result.silent == []
    assert result.broken == []
