"""The metrics directory that all processes of one deployment share: who writes there, and what the dead leave.

prometheus-client keeps one set of files per process and tells processes apart by their number. Numbers repeat: after a
restart, and between containers that share the directory. So a process is named by its host and number here, and holds
a lock that the kernel drops when it dies, whatever killed it.
"""

# mypy: allow-untyped-calls

import contextlib
import fcntl
import os
import pathlib
import re
import socket

from prometheus_client import mmap_dict, multiprocess

DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
FOLDED = "folded"

_claimed: tuple[int, str, int] | None = None


def directory() -> pathlib.Path | None:
    """The directory shared by all processes, or None when this process keeps its metrics to itself (unit tests)."""
    path = os.environ.get(DIRECTORY_VARIABLE)
    return pathlib.Path(path) if path else None


def prepare(path: pathlib.Path) -> None:
    """Empty the directory before the first process of a deployment starts: last run's figures are not this one's."""
    path.mkdir(parents=True, exist_ok=True)
    for left in (*path.glob("*.db"), *path.glob("alive_*.lock")):
        left.unlink()


def identity() -> str:
    """This process's name in the directory, claimed anew after a fork."""
    global _claimed
    if _claimed is None or _claimed[0] != os.getpid():
        if _claimed is not None:
            with contextlib.suppress(OSError):  # a forked child closes its copy; the lock stays the parent's
                os.close(_claimed[2])
        host = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower())
        name = f"{host}-{os.getpid()}"
        path = directory()
        if path is None:
            raise RuntimeError(f"{DIRECTORY_VARIABLE} is not set: this process has no metrics directory")
        _claimed = (os.getpid(), name, _hold(path, name))
    return _claimed[1]


def reap(path: pathlib.Path) -> list[str]:
    """Drop the live gauges of dead processes and fold their counters into one file; the names of the newly dead.

    Only the one exporter of a directory calls this, and never while it reads the directory.
    """
    dead = [name for name in sorted(_known(path)) if not _alive(path, name)]
    for name in dead:
        multiprocess.mark_process_dead(name, str(path))
        for kind in ("counter", "histogram"):
            _fold(path, kind, path / f"{kind}_{name}.db")
        _lock_file(path, name).unlink(missing_ok=True)
    return dead


def _hold(path: pathlib.Path, name: str) -> int:
    """Lock this process's file until it dies; the descriptor stays open on purpose."""
    path.mkdir(parents=True, exist_ok=True)
    file = _lock_file(path, name)
    while True:
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        fcntl.lockf(descriptor, fcntl.LOCK_EX)
        # The reaper may have removed the file between its opening and its locking.
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        os.close(descriptor)


def _alive(path: pathlib.Path, name: str) -> bool:
    """Whether the process of that name still holds its lock."""
    if _claimed is not None and name == _claimed[1] and _claimed[0] == os.getpid():
        return True  # and its file is never opened here: closing it would drop our own lock
    try:
        descriptor = os.open(_lock_file(path, name), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _known(path: pathlib.Path) -> set[str]:
    """Names of all processes that left something in the directory."""
    names = {file.stem.rsplit("_", 1)[1] for file in path.glob("*_*.db")}
    names |= {file.stem.removeprefix("alive_") for file in path.glob("alive_*.lock")}
    return names - {FOLDED}


def _fold(path: pathlib.Path, kind: str, left: pathlib.Path) -> None:
    """Add a dead process's figures to the folded file, so that the directory does not grow with every restart."""
    if not left.exists():
        return
    folded = path / f"{kind}_{FOLDED}.db"
    draft = path / f"{kind}_{FOLDED}.draft"
    draft.unlink(missing_ok=True)
    total = mmap_dict.MmapedDict(str(draft))
    for source in (folded, left):
        if source.exists() and source.stat().st_size:
            for key, value, _, _ in mmap_dict.MmapedDict.read_all_values_from_file(str(source)):
                total.write_value(key, total.read_value(key)[0] + value, 0.0)
    total.close()
    draft.rename(folded)
    left.unlink()


def _lock_file(path: pathlib.Path, name: str) -> pathlib.Path:
    """The file whose lock says that the process of that name lives."""
    return path / f"alive_{name}.lock"
