"""The cluster's safekeeping in one process, for where the server cannot write to the archive's folder (containers).

Its log is streamed there as it is written, through a slot that loses nothing while nobody listens; a base backup is
taken whenever the newest is a day old.
"""

import logging
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core import clock
from tenants import context
from tenants.backup import cluster, scratch
from tenants.backup.cluster import BackupFailed

log = logging.getLogger("shule.copies")
SLOT = "shule_archive"
EVERY, AFTER_A_FAILURE = timedelta(hours=24), timedelta(hours=1)


def watch(asked_to_stop: Callable[[], bool], *, pause: float = 1.0) -> None:
    """Until it is asked to stop; raises BackupFailed when the log does not flow, for a supervisor to begin again."""
    not_before = clock.now()
    with _streaming() as stream:
        while not asked_to_stop():
            if stream.poll() is not None:
                raise BackupFailed(_last_words(stream))
            now = clock.now()
            if now >= not_before and is_due(now):
                not_before = now if _took(now) else now + AFTER_A_FAILURE
            time.sleep(pause)


def is_due(at: datetime) -> bool:
    """Whether the newest base backup is older than a day, or there is none."""
    with context.in_public():
        newest = cluster.bases().first()
    return newest is None or newest.finished_at is None or at - newest.finished_at >= EVERY


def _took(at: datetime) -> bool:
    """A failure is on its row, in the log and, after a while, an alert: the log flows on meanwhile."""
    try:
        cluster.base(at=at)
        cluster.prune()
    except BackupFailed:
        log.exception("base backup failed")
        return False
    return True


@contextmanager
def _streaming() -> "Iterator[subprocess.Popen[str]]":
    cluster.run("pg_receivewal", f"--slot={SLOT}", "--create-slot", "--if-not-exists", "--no-password",
                environment=cluster.credentials())  # fmt: skip
    folder = cluster.folder_of("wal")
    account = scratch.account_for(folder, folder)  # who replays the log must be able to read it
    command = [shutil.which("pg_receivewal") or "", f"--directory={folder}", f"--slot={SLOT}", "--no-password"]
    with subprocess.Popen(  # noqa: S603
        [*command, "--no-loop"],
        env=os.environ | cluster.credentials(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        user=account[0] if account else None,
        group=account[1] if account else None,
        extra_groups=[] if account else None,
    ) as stream:
        try:
            yield stream
        finally:
            stream.terminate()


def _last_words(stream: "subprocess.Popen[str]") -> str:
    said = (stream.stderr.read() if stream.stderr else "").strip().splitlines()
    return said[-1] if said else _("The server's log does not flow any more.")
