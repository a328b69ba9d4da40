"""A PgBouncer in front of the run's PostgreSQL, for as long as a test needs it."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from deploy.local import ports
from deploy.local.process import Process, wait_for


def program() -> str:
    """Where it is; skips loudly without one, and fails in CI."""
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("CI has no pgbouncer: apt-get install pgbouncer")
    if found is None:
        pytest.skip("!! NO PGBOUNCER HERE: WHAT A POOLER WOULD MIX IS NOT TRIED (apt-get install pgbouncer) !!")
    return found


@contextmanager
def running(database: str, *, mode: str, size: int = 20, settings: str = "") -> Iterator[str]:
    """Its address, as DATABASE_URL would name it, in a pool mode and with more lines for its configuration."""
    server = urlsplit(os.environ["DATABASE_URL"])
    folder = Path(tempfile.mkdtemp(prefix="shule-pgbouncer-"))
    port = ports.any_free()
    user, password = unquote(server.username or ""), unquote(server.password or "")
    (folder / "users").write_text(f'"{user}" "{password}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"""[databases]
{database} = host={server.hostname} port={server.port} dbname={database} user={user} password='{password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 300
server_reset_query = DISCARD ALL
ignore_startup_parameters = extra_float_digits, options
{settings}
"""
    )
    nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    if nobody is not None:  # PgBouncer refuses to run as root
        for path in (folder, *folder.iterdir()):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    bouncer = Process(
        "pgbouncer", [program(), folder / "pgbouncer.ini"], log=folder / "log",
        uid=nobody.pw_uid if nobody else None, gid=nobody.pw_gid if nobody else None,
    )  # fmt: skip
    bouncer.start()
    address = f"postgresql://{user}@127.0.0.1:{port}/{database}"
    try:
        assert wait_for(lambda: _answers(address) or not bouncer.alive(), 10), bouncer.said()
        assert bouncer.alive(), bouncer.said()
        yield address
    finally:
        bouncer.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(address: str) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False
