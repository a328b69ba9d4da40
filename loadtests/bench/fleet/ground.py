"""The servers of a run, and this process as a part of the platform that uses them."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import ports, postgres, redis

LOGS = "log"


@dataclass(frozen=True)
class Ground:
    """Where a run keeps its data, and what another process needs to serve the same schools."""

    home: Path
    schools: int
    environment: dict[str, str]

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return self.environment["DATABASE_URL"]


@contextmanager
def prepared(home: Path, schools: int, *, archive: bool = False) -> Iterator[Ground]:
    """PostgreSQL and Redis on the data of `home` until the block ends, with the shared tables in place."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)  # the database runs as another user when the bench runs as root
    wal = home / "backups" / "wal"
    database = postgres.start(
        home / "postgres", log=home / LOGS / "postgres.log", port=ports.any_free(), archive=wal if archive else None
    )
    try:
        cache = redis.start(home / "redis", log=home / LOGS / "redis.log", port=ports.any_free(), password="")
        try:
            ground = Ground(home, schools, _environment(home, database.url, cache))
            _become_part(ground)
            yield ground
            _leave()
        finally:
            cache.stop()
    finally:
        database.stop(60)


def _environment(home: Path, database_url: str, cache: redis.Redis) -> dict[str, str]:
    metrics = home / "metrics"
    metrics.mkdir(exist_ok=True)
    return {
        "ENVIRONMENT": "demo",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR": str(home),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database_url,
        "REDIS_URL": cache.url,
        "BROKER_URL": cache.broker_url,
        "STORAGE_URL": (home / "media").as_uri(),
        "BACKUPS_URL": (home / "backups").as_uri(),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "LOG_LEVEL": "WARNING",
        # pg_dump and pg_basebackup must be of the server's version, so the wheel's come first.
        "PATH": f"{postgres.bin_dir()}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _become_part(ground: Ground) -> None:
    os.environ.update(ground.environment)
    sys.path.insert(1, "platform")
    import django

    django.setup()
    from django.core.management import call_command

    from config import wiring

    wiring.tasks()
    print("Shared tables and template ...", flush=True)
    call_command("migrate_shared", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _leave() -> None:
    from django.db import connections

    connections["default"].close()
    connections["default"].close_pool()
