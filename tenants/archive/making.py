"""Copies that are asked for, made in the background, had for a while, and removed."""

import logging
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import clock, jobs, scope
from core.errors import Conflict, NotFound
from core.models import Rows
from tenants import context, database
from tenants.archive import exporting, packing, places, writing
from tenants.models import Copy, CopyKind, CopyReason, CopyState, School, State

log = logging.getLogger("shule.copies")
LIFE = {
    CopyReason.ASKED: {CopyKind.EXPORT: timedelta(days=7), CopyKind.ARCHIVE: timedelta(days=90)},
    CopyReason.SCHEDULE: {CopyKind.ARCHIVE: timedelta(days=14)},
    CopyReason.MOMENT: {CopyKind.ARCHIVE: timedelta(days=7)},
}
WITH_TABLES = (State.LIVE, State.READ_ONLY, State.SUSPENDED, State.ERASING)
UNDERWAY = (CopyState.WAITING, CopyState.RUNNING)


@transaction.atomic
def ask(*, school_id: Any, kind: str, by: audit.Actor | None, at: datetime) -> Copy:
    """Ask for a copy of a school; one that is under way is given back. Its people read in their trail who asked."""
    inside = scope.current_or_none() is not None and not scope.current().is_public
    with context.in_public():
        school = School.objects.lock(school_id)
        underway = Copy.objects.filter(school_id=school.pk, kind=kind, state__in=UNDERWAY).first()
        if underway is not None:
            return underway
        copy = begin(school, kind=kind, reason=CopyReason.ASKED, by=by)
        if not inside:
            audit.record(f"school.{kind}_asked", on=school, by=by, at=at)
        jobs.later("tenants.make_copy", copy_id=str(copy.pk))
    with context.in_school(school):
        audit.record(f"school.{kind}_asked", by=by, at=at)
    return copy


def begin(school: School, *, kind: str, reason: str, by: audit.Actor | None) -> Copy:
    """The row of a copy that is to be made; call inside in_public()."""
    if school.state not in WITH_TABLES:
        raise Conflict(_("This school has no tables: it is not set up, or archived."))
    return Copy.objects.create(school_id=school.pk, kind=kind, reason=reason, asked_by=str(by)[:150] if by else "")


def make(copy_id: Any, *, at: datetime, where: str = "") -> Copy:
    """Make a copy that was asked for; a second run finds it made. `where` is another server to read from."""
    with context.in_public():
        copy = Copy.objects.get(pk=copy_id)
        if copy.state not in UNDERWAY and copy.state != CopyState.FAILED:
            return copy
        school = _school_of(copy)
        _note(copy, state=CopyState.RUNNING, started_at=at, error="", done=0)
    name = places.file_name(school.pk, school.slug, copy.kind, at)
    try:
        with places.workroom() as folder:
            path = folder / "copy.zip"
            if copy.kind == CopyKind.EXPORT:
                said = exporting.write(path, school, at=at, progress=_progress(copy))
            else:
                said = writing.write(path, school, at=at, where=where, progress=_progress(copy))
            places.keep(path, name)
            digest, size = packing.digest_of(path), path.stat().st_size
    except Exception as error:
        with context.in_public():
            _note(copy, state=CopyState.FAILED, error=f"{type(error).__name__}: {error}"[:2000])
        raise
    life = LIFE.get(CopyReason(copy.reason), {}).get(CopyKind(copy.kind))
    with context.in_public():
        _note(
            copy, state=CopyState.DONE, file=name, sha256=digest, bytes=size, finished_at=clock.now(),
            expires_at=at + life if life else None, done=len(said.members), total=len(said.members),
            facts={"rows": sum(said.counts().values()), "media": len(said.of("media"))},
        )  # fmt: skip
    log.info("copy made", extra={"school_id": str(school.pk), "kind": copy.kind, "bytes": size})
    return copy


def back_up(*, school_id: Any, at: datetime) -> Copy:
    """The day's archive of a school."""
    with context.in_public():
        school = School.objects.get(pk=school_id)
        copy = Copy.objects.filter(
            school_id=school.pk, kind=CopyKind.ARCHIVE, reason=CopyReason.SCHEDULE, state__in=UNDERWAY
        ).first() or begin(school, kind=CopyKind.ARCHIVE, reason=CopyReason.SCHEDULE, by=None)
    return make(copy.pk, at=at)


def of_school(school_id: Any, *, kind: str = "") -> Rows[Copy]:
    """A school's copies, newest first; call inside in_public()."""
    found = Copy.objects.filter(school_id=school_id).order_by("-created_at", "-pk")
    return found.filter(kind=kind) if kind else found  # type: ignore[return-value]


def newest(school_id: Any) -> Copy | None:
    """The newest whole archive of a school that can be had; call inside in_public()."""
    return of_school(school_id, kind=CopyKind.ARCHIVE).filter(state=CopyState.DONE).order_by("-finished_at").first()


def ready(*, copy_id: UUID, school_id: Any, kinds: tuple[str, ...], at: datetime) -> Copy:
    """A copy of this school that may be fetched now; raises NotFound. Call inside in_public()."""
    copy = Copy.objects.filter(pk=copy_id, school_id=school_id, kind__in=kinds, state=CopyState.DONE).first()
    if copy is None or (copy.expires_at is not None and copy.expires_at <= at):
        raise NotFound(_("This copy is not there any more. Ask for a new one."))
    return copy


@transaction.atomic
def fetched(copy: Copy, *, by: audit.Actor | None, at: datetime) -> IO[bytes]:
    """A copy's file, open; that somebody took it stands in the school's trail, and in the platform's for operators."""
    inside = not scope.current().is_public
    with context.in_public():
        school = _school_of(copy)
        if not inside:
            audit.record("school.export_fetched", on=school, by=by, at=at, changes={"sha256": copy.sha256})
    with context.in_school(school):
        audit.record("school.export_fetched", by=by, at=at, changes={"sha256": copy.sha256})
    return places.open_file(copy.file)


def expire(*, at: datetime) -> int:
    """Remove copies whose time is over; a school's newest archive stays, however old."""
    removed = 0
    with context.in_public():
        for copy in Copy.objects.filter(state=CopyState.DONE, expires_at__lte=at).exclude(kind=CopyKind.CLUSTER):
            kept = newest(copy.school_id) if copy.kind == CopyKind.ARCHIVE else None
            if kept is not None and kept.pk == copy.pk:
                continue
            places.remove(copy.file)
            _note(copy, state=CopyState.EXPIRED)
            removed += 1
    return removed


def ages() -> dict[str, float]:
    """Seconds since the last good backup of the cluster, of the open school with the oldest, and since the last drill.

    What never was is as old as the school, or the first school. Call inside in_public().
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH open AS (SELECT id, coalesce(live_at, created_at) AS since FROM public.tenants_school
                             WHERE state IN ('live', 'read_only')),
                    first AS (SELECT coalesce(min(since), now()) AS since FROM open)
               SELECT extract(epoch FROM now() - coalesce(
                          (SELECT max(finished_at) FROM public.tenants_copy WHERE kind = 'cluster' AND state = 'done'),
                          (SELECT since FROM first))),
                      extract(epoch FROM now() - coalesce(
                          (SELECT min(coalesce(
                              (SELECT max(c.finished_at) FROM public.tenants_copy c
                               WHERE c.school_id = open.id AND c.kind = 'archive' AND c.state = 'done'), since))
                           FROM open), now())),
                      extract(epoch FROM now() - coalesce(
                          (SELECT max(finished_at) FROM public.tenants_restoration
                           WHERE is_drill AND state = 'discarded'),
                          (SELECT since FROM first)))"""
        )
        cluster, school, drill = cursor.fetchone()
    return {"cluster": float(cluster), "school": float(school), "drill": float(drill)}


def _progress(copy: Copy) -> writing.Progress:
    """Tell how far it is on a connection of its own: the copy's own transaction is seen by nobody until its end."""

    def tell(done: int, total: int) -> None:
        if done % 10 == 0 or done == total:
            with database.apart() as own:
                own.execute(
                    "UPDATE public.tenants_copy SET done = %s, total = %s, updated_at = now() WHERE id = %s",
                    [done, total, copy.pk],
                )

    return tell


def _school_of(copy: Copy) -> School:
    if copy.school_id is None:
        raise Conflict(_("This copy is of no single school."))
    return School.objects.get(pk=copy.school_id)


def _note(copy: Copy, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.save(update_fields=[*changes, "updated_at"])
