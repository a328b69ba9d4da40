"""A school's earlier self: loaded beside it, compared, and put in its place by one renaming, or thrown away."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import chain
from audit import recording as audit
from core import cache, clock, jobs, scope, storage
from core.errors import Conflict
from core.models import Rows
from tenants import context, database, naming, resolve
from tenants.archive import comparing, loading, places
from tenants.archive.packing import Unpacker
from tenants.models import Copy, CopyKind, CopyState, Domain, Restoration, RestorationState, School, State

log = logging.getLogger("shule.copies")
KEPT_FOR = timedelta(days=14)
WITH_SCHEMA = (State.LIVE, State.READ_ONLY, State.SUSPENDED)


@transaction.atomic
def ask(
    *, school_id: Any, copy_id: Any, by: audit.Actor | None, at: datetime, in_background: bool = True
) -> Restoration:
    """Have an archive of the school loaded beside it; the school itself goes on unchanged."""
    with context.in_public():
        school = School.objects.lock(school_id)
        restoration = _begin(school, _archive(school, copy_id), by)
        audit.record("school.restore_asked", on=school, by=by, at=at, changes={"from": _file(restoration)})
        if in_background:
            jobs.later("tenants.load_beside", restoration_id=str(restoration.pk))
    return restoration


def load(restoration_id: Any, *, at: datetime) -> Restoration:
    """Load it and find what is otherwise; a second run starts afresh."""
    with context.in_public():
        restoration = Restoration.objects.get(pk=restoration_id)
        if restoration.state not in (RestorationState.LOADING, RestorationState.FAILED):
            return restoration
        school = School.objects.get(pk=restoration.school_id)
    try:
        with places.at_hand(restoration.source) as local, Unpacker(local) as source:
            loading.load(source, restoration.side)
            said = source.manifest
            if restoration.is_drill:
                faults = loading.faults(said, restoration.side) if not loading.is_older(said) else []
                faults += _trail_faults(restoration.side)
                if faults:
                    raise Conflict("; ".join(faults[:20]))
            with database.snapshot() as own:
                found = [one.plain() for one in comparing.differences(own, school.schema, restoration.side)]
            found += _media_difference(source, school)
    except Exception as error:
        loading.drop(restoration.side)
        with context.in_public():
            _note(restoration, state=RestorationState.FAILED, error=str(error)[:2000], finished_at=clock.now())
        raise
    with context.in_public():
        _note(
            restoration,
            state=RestorationState.READY,
            differences=found,
            error="",
            made_at=datetime.fromisoformat(said.made_at),
        )
    return restoration


def swap(*, restoration_id: Any, by: audit.Actor | None, at: datetime) -> School:
    """Put what was loaded in the school's place. Everybody signs in again; what stood there is kept for two weeks."""
    with context.in_public():
        restoration = Restoration.objects.get(pk=restoration_id)
        school = School.objects.get(pk=restoration.school_id)
    if restoration.state == RestorationState.READY:
        if loading.is_behind(restoration.side):
            raise Conflict(_("It was loaded before the last release. Throw it away and load it again."))
        with places.at_hand(restoration.source) as local, Unpacker(local) as source:
            loading.put_media(source, school)
    with transaction.atomic():
        with context.in_public():
            restoration = Restoration.objects.lock(restoration_id)
            school = School.objects.lock(restoration.school_id)
            if restoration.state != RestorationState.READY or restoration.is_drill:
                raise Conflict(_("Nothing stands ready beside this school."))
            if school.state not in WITH_SCHEMA:
                raise Conflict(_("This school has no tables: it is not set up, or archived."))
            kept = places.kept_schema(school.pk, at)
            _change_places(school.schema, restoration.side, kept)
            _note(restoration, state=RestorationState.SWAPPED, kept=kept, keep_until=at + KEPT_FOR, finished_at=at)
            changes = {"from": _file(restoration), "kept": kept}
            audit.record("school.restored", on=school, by=by, at=at, changes=changes)
            jobs.later("tenants.forget_school", school_id=str(school.pk))
            hosts = list(Domain.objects.filter(school=school).values_list("host", flat=True))
        with context.in_school(school):
            chain.vouch()
            moment = restoration.made_at.isoformat(timespec="minutes") if restoration.made_at else ""
            audit.record("school.restored", by=by, at=at, changes={"as_of": moment})
    forget(school_id=school.pk)
    resolve.forget(*hosts)
    log.info("school restored", extra={"school_id": str(school.pk), "restoration_id": str(restoration.pk)})
    return school


def forget(*, school_id: Any) -> None:
    """Drop all that is remembered of a school, sessions too; asked for as a job as well, should this process die."""
    with context.in_public():
        school = School.objects.filter(pk=school_id).first()
    if school is not None:
        with context.in_school(school):
            cache.forget_all()


@transaction.atomic
def discard(*, restoration_id: Any, by: audit.Actor | None, at: datetime) -> Restoration:
    """Throw away what was loaded; the school was never touched."""
    with context.in_public():
        restoration = Restoration.objects.lock(restoration_id)
        if restoration.state not in (RestorationState.READY, RestorationState.LOADING):
            raise Conflict(_("Nothing stands ready beside this school."))
        _note(restoration, state=RestorationState.DISCARDED, finished_at=at)
        school = School.objects.get(pk=restoration.school_id)
        audit.record("school.restore_discarded", on=school, by=by, at=at)
    transaction.on_commit(lambda: loading.drop(restoration.side))
    return restoration


def drop_kept(*, at: datetime) -> int:
    """Drop the schemas that were replaced long enough ago."""
    dropped = 0
    with context.in_public():
        for restoration in Restoration.objects.filter(keep_until__lte=at).exclude(kept=""):
            loading.drop(restoration.kept)
            _note(restoration, kept="")
            dropped += 1
    return dropped


def drill(*, at: datetime, slug: str = "") -> Restoration | None:
    """Load a school's newest archive beside it, prove it whole, and throw it away.

    Without a slug, the school whose last drill is the longest ago; None when no school has an archive.
    """
    with context.in_public():
        school = _next_for_drill(slug)
        if school is None:
            return None
        restoration = _begin(school, _archive(school, None), None, is_drill=True)
    try:
        load(restoration.pk, at=at)
    except Exception:
        log.exception("restore drill failed", extra={"school_id": str(school.pk)})
    loading.drop(restoration.side)
    with context.in_public():
        restoration.refresh_from_db()
        if restoration.state == RestorationState.READY:
            _note(restoration, state=RestorationState.DISCARDED, finished_at=clock.now())
            Copy.objects.filter(file=restoration.source).update(verified_at=at)
    return restoration


def of_school(school_id: Any) -> Rows[Restoration]:
    """A school's restorations, newest first, without drills; call inside in_public()."""
    return Restoration.objects.filter(school_id=school_id, is_drill=False).order_by("-created_at")  # type: ignore[return-value]


def drills() -> Rows[Restoration]:
    """The drills, newest first; call inside in_public()."""
    return Restoration.objects.filter(is_drill=True).order_by("-created_at")  # type: ignore[return-value]


def _begin(school: School, copy: Copy, by: audit.Actor | None, *, is_drill: bool = False) -> Restoration:
    side = places.side_schema(school.pk)
    if not is_drill and school.state not in WITH_SCHEMA:
        raise Conflict(_("This school has no tables: it is not set up, or archived."))
    standing = Restoration.objects.filter(
        school_id=school.pk, state__in=(RestorationState.LOADING, RestorationState.READY)
    )
    if standing.exists():
        raise Conflict(_("An earlier self already stands beside this school: use it or throw it away first."))
    return Restoration.objects.create(
        school_id=school.pk,
        source=copy.file,
        side=side,
        is_drill=is_drill,
        asked_by=str(by)[:150] if by else "",
    )


def _file(restoration: Restoration) -> str:
    return restoration.source.rpartition("/")[2]


def _archive(school: School, copy_id: Any) -> Copy:
    found = Copy.objects.filter(school_id=school.pk, kind=CopyKind.ARCHIVE, state=CopyState.DONE)
    found = found.filter(pk=copy_id) if copy_id else found
    copy = found.order_by("-finished_at").first()
    if copy is None:
        raise Conflict(_("There is no archive of this school."))
    return copy


def _next_for_drill(slug: str) -> School | None:
    with_archive = Copy.objects.filter(kind=CopyKind.ARCHIVE, state=CopyState.DONE).values("school_id")
    found = School.objects.filter(pk__in=with_archive, state__in=WITH_SCHEMA)
    if slug:
        return found.filter(slug=slug).first()
    last: dict[Any, datetime] = {}
    for one in drills():
        last.setdefault(one.school_id, one.created_at)
    return min(found, key=lambda school: (last.get(school.pk, school.created_at), school.slug), default=None)


def _change_places(live: str, side: str, kept: str) -> None:
    """Rename both in the caller's transaction; whoever is writing finishes first, since every write is recorded."""
    live, side, kept = naming.quoted(live), naming.quoted(side), naming.quoted(kept)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute(f"LOCK TABLE {live}.audit_entry IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"ALTER SCHEMA {live} RENAME TO {kept}")
        cursor.execute(f"ALTER SCHEMA {side} RENAME TO {live}")


def _trail_faults(side: str) -> list[str]:
    with _standing_in(side):
        return [f"audit trail, seal {fault.seal}: {fault.what}" for fault in chain.verify()]


def _media_difference(source: Unpacker, school: School) -> list[dict[str, Any]]:
    added, changed = [], []
    with context.in_school(school):
        for member in source.manifest.of("media"):
            path = member.name.removeprefix("media/")
            if not storage.exists(path):
                added.append(path)
            elif storage.digest(path) != member.sha256:
                changed.append(path)
    if not added and not changed:
        return []
    shown = tuple((added + changed)[: comparing.SHOWN])
    return [comparing.Difference("media", "Files", len(added), len(changed), 0, shown).plain()]


@contextmanager
def _standing_in(schema: str) -> Iterator[None]:
    """Read a schema that stands beside a school, as nobody's."""
    nobody = scope.Scope(id=schema, slug="side", schema=schema, name="", state="provisioning", host="")
    with scope._entered(nobody):
        yield


def _note(restoration: Restoration, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(restoration, name, value)
    restoration.save(update_fields=[*changes, "updated_at"])
