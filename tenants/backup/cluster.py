"""Base backups by PostgreSQL's own program, checked, listed and removed in their turn."""

import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, Unprocessable
from core.models import Rows
from tenants import context
from tenants.archive import packing
from tenants.models import Copy, CopyKind, CopyReason, CopyState

log = logging.getLogger("shule.copies")
_START = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")


class BackupFailed(Unprocessable):
    """PostgreSQL's own words why."""

    code = "backup_failed"


def base(*, at: datetime) -> Copy:
    """Take a base backup of the running cluster and prove it whole; raises BackupFailed."""
    with context.in_public():
        copy = Copy.objects.create(
            kind=CopyKind.CLUSTER, reason=CopyReason.SCHEDULE, state=CopyState.RUNNING, started_at=at
        )
    folder = folder_of("base")
    partial, name = folder / f".{copy.pk.hex}.part", f"{at:%Y%m%dT%H%M%SZ}"
    try:
        run(
            "pg_basebackup", f"--pgdata={partial}", "--wal-method=stream", "--checkpoint=fast", "--no-password",
            "--manifest-checksums=SHA256", "--label=shule", environment=credentials(),
        )  # fmt: skip
        prove(partial)
        partial.rename(folder / name)
    except Exception as error:
        shutil.rmtree(partial, ignore_errors=True)
        with context.in_public():
            copy.state, copy.error = CopyState.FAILED, str(error)[:2000]
            copy.save()
        raise
    with context.in_public():
        copy.state, copy.file, copy.finished_at = CopyState.DONE, name, clock.now()
        copy.verified_at = copy.finished_at
        copy.sha256 = packing.digest_of(folder / name / "backup_manifest")
        copy.bytes = sum(path.stat().st_size for path in (folder / name).rglob("*") if path.is_file())
        copy.facts = {"first_segment": _first_segment(folder / name)}
        copy.save()
    log.info("base backup made", extra={"kind": copy.kind, "bytes": copy.bytes})
    return copy


def verify(copy: Copy, *, at: datetime) -> Copy:
    """Check every file of a base backup against its manifest, and the manifest against our row; raises BackupFailed."""
    where = folder_of("base") / copy.file
    if not (where / "backup_manifest").is_file():
        raise BackupFailed(_("%(name)s is missing from the backup.") % {"name": f"{copy.file}/backup_manifest"})
    if packing.digest_of(where / "backup_manifest") != copy.sha256:
        raise BackupFailed(_("%(name)s is damaged.") % {"name": f"{copy.file}/backup_manifest"})
    prove(where)
    with context.in_public():
        copy.verified_at = at
        copy.save(update_fields=["verified_at", "updated_at"])
    return copy


def prune(*, keep: int | None = None) -> int:
    """Remove all but the newest base backups, and the log that none of those needs; gives back how many went."""
    keep = keep or settings.BACKUPS_KEPT
    with context.in_public():
        kept, old = list(bases()[:keep]), list(bases()[keep:])
    for copy in old:
        shutil.rmtree(folder_of("base") / copy.file, ignore_errors=True)
        with context.in_public():
            copy.state = CopyState.EXPIRED
            copy.save(update_fields=["state", "updated_at"])
    first = min((str(copy.facts.get("first_segment", "")) for copy in kept), default="")
    if first:
        run("pg_archivecleanup", str(folder_of("wal")), first)
    return len(old)


def bases() -> Rows[Copy]:
    """The base backups that can be had, newest first; call inside in_public()."""
    found = Copy.objects.filter(kind=CopyKind.CLUSTER, state=CopyState.DONE)
    return found.order_by("-finished_at")  # type: ignore[return-value]


def before(moment: datetime) -> Copy:
    """The newest base backup that was complete before a moment; raises Conflict."""
    with context.in_public():
        found = bases().filter(finished_at__lte=moment).first()
    if found is None:
        raise Conflict(_("No base backup is older than that moment."))
    return found


def close_segment() -> str:
    """Have the server hand its current piece of log to the archive; gives back the piece's name."""
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_walfile_name(pg_switch_wal())")
        return str(cursor.fetchone()[0])


def folder_of(kind: str) -> Path:
    """Where base backups (`base`) and the log (`wal`) lie."""
    folder = Path(settings.BACKUPS_URL.removeprefix("file://")) / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prove(where: Path) -> None:
    """Check every file against the manifest that the server wrote; raises BackupFailed.

    As pg_verifybackup does it, which not every distribution of PostgreSQL ships in working order. Source of the form:
    PostgreSQL 18, "Backup Manifest Format".
    """
    raw = (where / "backup_manifest").read_bytes()
    try:
        said = json.loads(raw)
        signed, checksum = raw[: raw.rindex(b'"Manifest-Checksum"')], said["Manifest-Checksum"]
        files = [(str(one["Path"]), int(one["Size"]), str(one["Checksum"])) for one in said["Files"] if "Path" in one]
    except (ValueError, KeyError) as error:
        raise BackupFailed(_("%(name)s is damaged.") % {"name": "backup_manifest"}) from error
    if hashlib.sha256(signed).hexdigest() != checksum:
        raise BackupFailed(_("%(name)s is damaged.") % {"name": "backup_manifest"})
    for name, size, digest in files:
        path = where / name
        if not path.is_file():
            raise BackupFailed(_("%(name)s is missing from the backup.") % {"name": name})
        if path.stat().st_size != size or packing.digest_of(path) != digest:
            raise BackupFailed(_("%(name)s is damaged.") % {"name": name})
    if not (where / "pg_wal" / _first_segment(where)).is_file():
        raise BackupFailed(_("%(name)s is missing from the backup.") % {"name": f"pg_wal/{_first_segment(where)}"})


def run(program: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """One of PostgreSQL's programs, to its end; raises BackupFailed with its own words."""
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(_("%(program)s is not on the PATH.") % {"program": program})
    done = subprocess.run(  # noqa: S603
        [found, *arguments], env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        why = [line for line in said if "error:" in line] or said or [f"{program}: {done.returncode}"]
        raise BackupFailed(why[0])
    return done.stdout


def credentials() -> dict[str, str]:
    """Who takes the backup, as PostgreSQL's programs read it: BACKUP_DATABASE_URL's role, else the application's."""
    if settings.BACKUP_DATABASE_URL:
        url = urlsplit(settings.BACKUP_DATABASE_URL)
        return {
            "PGHOST": unquote(url.hostname or ""),
            "PGPORT": str(url.port or 5432),
            "PGUSER": unquote(url.username or ""),
            "PGPASSWORD": unquote(url.password or ""),
        }
    known = connection.settings_dict
    return {
        "PGHOST": known["HOST"], "PGPORT": str(known["PORT"]), "PGUSER": known["USER"], "PGPASSWORD": known["PASSWORD"],
    }  # fmt: skip


def _first_segment(where: Path) -> str:
    found = _START.search((where / "backup_label").read_text())
    return found.group(1) if found else ""
