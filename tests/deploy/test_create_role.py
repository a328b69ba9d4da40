"""The script that a PostgreSQL container runs once, against a real server."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from deploy.local import ports, postgres

SCRIPT = Path(__file__).parents[2] / "deploy" / "postgres" / "create-role.sh"


@pytest.fixture
def server(home):
    started = postgres.start(
        home / "postgres", log=home / "log", port=ports.any_free(), durable=False, archive=home / "wal"
    )
    yield started
    started.stop()


def test_the_application_owns_its_database_and_nothing_else_and_the_backup_may_only_copy(server, home):
    hba = home / "postgres" / "data" / "pg_hba.conf"
    hba.write_text("host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    server.process.send(signal.SIGHUP)
    with psycopg.connect(f"postgresql://postgres@127.0.0.1:{server.port}/postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE shule")
        connection.execute("DROP ROLE shule")
        connection.execute("DROP ROLE IF EXISTS shule_backup")
    secret, copier = home / "database_url", home / "backup_database_url"
    copier.write_text(f"postgresql://shule_backup:c0py@127.0.0.1:{server.port}/shule")
    secret.write_text(f"postgresql://shule:5ecret@127.0.0.1:{server.port}/shule")
    script = SCRIPT.read_text().replace("/run/secrets", str(home))
    environment = {
        "PATH": f"{postgres.bin_dir()}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGDATA": str(hba.parent),
    }
    subprocess.run(["sh", "-c", script], env=environment, check=True, capture_output=True)
    with psycopg.connect(secret.read_text(), autocommit=True) as connection:
        rights = "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(rights).fetchone() == (False, False, False)
        connection.execute("CREATE SCHEMA school_a")
        connection.execute("SELECT pg_walfile_name(pg_switch_wal())")
    server.process.send(signal.SIGHUP)
    with psycopg.connect(f"{copier.read_text()}?replication=true", autocommit=True) as connection:
        assert connection.execute("IDENTIFY_SYSTEM").fetchone()
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(copier.read_text())
