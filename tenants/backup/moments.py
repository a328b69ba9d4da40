"""One school as it was at a moment: the cluster recovered beside itself, the one school written into an archive."""

import time
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import Conflict
from tenants import context
from tenants.archive import places, writing
from tenants.archive.manifest import Manifest
from tenants.backup import cluster, scratch
from tenants.backup.cluster import BackupFailed
from tenants.models import Copy, CopyKind, CopyReason, CopyState, School

PATIENCE = 120.0


def write(path: Path, school: School, *, moment: datetime, at: datetime) -> Manifest:
    """Write a school as of a moment into a file; its media are those of now.

    Raises Conflict for a moment before every base backup or still to come, BackupFailed when the log does not reach it.
    """
    if moment >= at:
        raise Conflict(_("That moment is still to come."))
    base = cluster.before(moment)
    _archive_the_log_until(at)
    with (
        places.workroom() as home,
        scratch.recovered(cluster.folder_of("base") / base.file, cluster.folder_of("wal"), moment, home=home) as where,
    ):
        return writing.write(path, school, at=moment, where=where)


def _archive_the_log_until(at: datetime) -> None:
    """A commit of now behind the moment, and the piece of log that holds it in the archive."""
    with context.in_public():
        note = Copy.objects.create(
            kind=CopyKind.CLUSTER, reason=CopyReason.MOMENT, state=CopyState.EXPIRED, started_at=at
        )
    name = cluster.close_segment()
    with context.in_public():
        note.delete()
    waited = time.monotonic() + PATIENCE
    while not (cluster.folder_of("wal") / name).exists():
        if time.monotonic() > waited:
            raise BackupFailed(_("The server does not hand its log to the archive: look at archive_command."))
        time.sleep(0.1)
