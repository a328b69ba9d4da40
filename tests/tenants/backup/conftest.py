"""A small cluster of its own with an archived log, holding a copy of the cast's database."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import override_settings

from deploy.local import ports, postgres
from tenants import context, resolve
from tenants.models import School
from tests import database


@pytest.fixture(scope="module")
def cluster(django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """The cluster's folder; Django speaks to it while the tests of the module run."""
    home = Path(tempfile.mkdtemp(prefix="shule-cluster-"))
    home.chmod(0o711)
    server = postgres.start(
        home / "postgres", log=home / "postgres.log", port=ports.any_free(), durable=False, archive=home / "backups/wal"
    )
    known = connections.settings["default"]
    before = {name: known[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    _carry_over(before, server.url)
    there = {"NAME": postgres.DATABASE, "HOST": "127.0.0.1", "PORT": str(server.port), "USER": postgres.ROLE,
             "PASSWORD": server.password}  # fmt: skip
    with django_db_blocker.unblock():
        _use(there)
        with override_settings(BACKUPS_URL=f"file://{home}/backups", WORKROOM=f"{home}/work"):
            yield home
        _use(before)
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def school(cluster: Path) -> Iterator[School]:
    """Mwangaza School, in the small cluster."""
    resolve.forget_all()
    with context.in_public():
        yield School.objects.get(slug="mwangaza")
    connection.close()


def _carry_over(before: dict[str, str], url: str) -> None:
    environment = {**os.environ, "PGPASSWORD": before["PASSWORD"]}
    dump = ["pg_dump", "--no-owner", "--no-privileges", "-h", before["HOST"], "-p", before["PORT"], "-U",
            before["USER"], before["NAME"]]  # fmt: skip
    with subprocess.Popen(dump, env=environment, stdout=subprocess.PIPE) as dumping:
        subprocess.run(
            ["psql", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", url], stdin=dumping.stdout, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip


def _use(there: dict[str, str]) -> None:
    database.leave()
    connections.settings["default"].update(there)
    connections["default"].settings_dict.update(there)
