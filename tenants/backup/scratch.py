"""The cluster as it was at a moment: a base backup and its log, replayed on a server that nobody else sees."""

import contextlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from django.utils.translation import gettext as _

from tenants import database
from tenants.backup.cluster import BackupFailed

PATIENCE = 900.0


@contextmanager
def recovered(base: Path, wal: Path, moment: datetime, *, home: Path) -> Iterator[str]:
    """A server in `home` that has replayed the log to the last commit before a moment; its address for psycopg."""
    data, log = home / "data", home / "server.log"
    shutil.copytree(base, data)
    data.chmod(0o700)
    port = _free_port()
    (data / "recovery.signal").touch()
    (data / "postgresql.auto.conf").write_text("".join(f"{name} = {_quoted(value)}\n" for name, value in {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "archive_mode": "off",
        "fsync": "off",
        "max_connections": "200",
        "max_locks_per_transaction": "256",
        "max_wal_senders": "10",
        "restore_command": f'cp "{wal}/%f" "%p"',
        "recovery_target_time": moment.isoformat(),
        "recovery_target_inclusive": "on",
        "recovery_target_action": "promote",
    }.items()))  # fmt: skip
    account = account_for(home, wal)
    _pg_ctl(account, "start", "-D", str(data), "-l", str(log), "-w", "-t", str(int(PATIENCE)), log=log)
    try:
        where = database.conninfo(host="127.0.0.1", port=port)
        _wait_for_promotion(where, log)
        yield where
    finally:
        with contextlib.suppress(BackupFailed):
            _pg_ctl(account, "stop", "-D", str(data), "-m", "immediate", log=log)


def _wait_for_promotion(where: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with psycopg.connect(where, autocommit=True) as own:
                row = own.execute("SELECT pg_is_in_recovery()").fetchone()
                if row == (False,):
                    return
        except psycopg.OperationalError as error:
            if "recovery ended before" in _said(log):
                raise BackupFailed(_("The log that is archived ends before that moment.")) from error
        time.sleep(0.1)
    raise BackupFailed(_("The earlier moment could not be reached in time."))


def _pg_ctl(account: tuple[int, int] | None, *arguments: str, log: Path) -> None:
    program = shutil.which("pg_ctl")
    if program is None:
        raise BackupFailed(_("%(program)s is not on the PATH.") % {"program": "pg_ctl"})
    done = subprocess.run(  # noqa: S603
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=log.parent,
        user=account[0] if account else None,
        group=account[1] if account else None,
        extra_groups=[] if account else None,
        check=False,
    )
    if done.returncode:
        said = _said(log)
        if "recovery ended before" in said:
            raise BackupFailed(_("The log that is archived ends before that moment."))
        fatal = [line.split(":  ", 1)[-1] for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
        raise BackupFailed(fatal[-1] if fatal else f"pg_ctl {arguments[0]}: {done.returncode}")


def account_for(home: Path, wal: Path) -> tuple[int, int] | None:
    """PostgreSQL refuses to run as root: nobody runs it then, owns what it writes, and may pass to what it reads."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    for path in (home, *home.rglob("*")):
        os.lchown(path, nobody.pw_uid, nobody.pw_gid)
    for folder in {*home.parents, wal, *wal.parents}:
        if not (mode := folder.stat().st_mode) & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
    return nobody.pw_uid, nobody.pw_gid


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _said(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
