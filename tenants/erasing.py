"""The end of a school: two operators, thirty days to think again, then nothing of it but a tombstone."""

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from audit import recording as audit
from audit.models import Entry
from core import cache, jobs, scope, storage
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import Anchor, Rows
from identity.models import Kind, User
from tenants import context, resolve
from tenants.archive import loading, places
from tenants.models import Copy, Domain, Erasure, Restoration, School, State

log = logging.getLogger("shule.tenants")
GRACE = timedelta(days=30)
ERASABLE = (State.LIVE, State.READ_ONLY, State.SUSPENDED, State.ARCHIVED, State.FAILED)
_SALT = "tenants.erasing.certificate"


@transaction.atomic
def ask(*, school_id: Any, reason: str, by: User, at: datetime) -> Erasure:
    """Ask for a school's end; nothing happens until another operator confirms it."""
    if not reason.strip():
        raise DomainError(_("Say why."), errors={"reason": [_("Say why: it stands on the certificate.")]})
    with context.in_public():
        school = School.objects.lock(school_id)
        if school.state not in ERASABLE:
            raise Conflict(_("This school cannot be erased now."))
        if open_of(school.pk) is not None:
            raise Conflict(_("The end of this school has been asked for already."))
        erasure = Erasure.objects.create(
            school_id=school.pk, slug=school.slug, schema=school.schema, state_before=school.state,
            reason=reason.strip()[:300], asked_by_id=by.pk, asked_by=str(by)[:150], asked_at=at,
        )  # fmt: skip
        audit.record("school.erasure_asked", on=school, by=by, at=at, changes={"reason": erasure.reason})
    return erasure


@transaction.atomic
def confirm(*, school_id: Any, by: User, at: datetime) -> Erasure:
    """Agree, as another person than the one who asked: the school is closed at once and erased after the grace."""
    with context.in_public():
        school = School.objects.lock(school_id)
        erasure = _open(school.pk)
        if by.kind != Kind.PERSON:
            raise NotAllowed(_("A program cannot confirm the end of a school."))
        if by.pk == erasure.asked_by_id:
            raise NotAllowed(_("Another operator than the one who asked must confirm."))
        if erasure.confirmed_at is not None:
            raise Conflict(_("The end of this school has been confirmed already."))
        if school.state not in ERASABLE:
            raise Conflict(_("This school cannot be erased now."))
        erasure.state_before, school.state = school.state, State.ERASING
        erasure.confirmed_by, erasure.confirmed_at, erasure.due_at = str(by)[:150], at, at + GRACE
        erasure.save()
        school.save(update_fields=["state", "updated_at"])
        changes = {"state": [erasure.state_before, State.ERASING], "due": erasure.due_at.date().isoformat()}
        audit.record("school.erasure_confirmed", on=school, by=by, at=at, changes=changes)
        hosts = list(Domain.objects.filter(school=school).values_list("host", flat=True))
    transaction.on_commit(lambda: resolve.forget(*hosts))
    return erasure


@transaction.atomic
def take_back(*, school_id: Any, by: User, at: datetime) -> Erasure:
    """Think again within the grace: the school stands where it stood."""
    with context.in_public():
        school = School.objects.lock(school_id)
        erasure = _open(school.pk)
        erasure.taken_back_by, erasure.taken_back_at = str(by)[:150], at
        erasure.save()
        if school.state == State.ERASING:
            school.state = erasure.state_before
            school.save(update_fields=["state", "updated_at"])
            jobs.wake(str(school.pk))
        audit.record("school.erasure_taken_back", on=school, by=by, at=at)
        hosts = list(Domain.objects.filter(school=school).values_list("host", flat=True))
    transaction.on_commit(lambda: resolve.forget(*hosts))
    return erasure


def carry_out_due(*, at: datetime) -> int:
    """Erase the schools whose grace is over."""
    with context.in_public():
        due = list(Erasure.objects.filter(due_at__lte=at, erased_at=None, taken_back_at=None))
    for erasure in due:
        carry_out(erasure, at=at)
    return len(due)


def carry_out(erasure: Erasure, *, at: datetime) -> Erasure:
    """Erase one school everywhere; killed half way, it is taken up again. What is left is the tombstone."""
    school_id = erasure.school_id
    with context.in_public():
        addresses = sorted(Domain.objects.filter(school_id=school_id).values_list("host", flat=True))
        addresses = addresses or erasure.certificate.get("addresses", [])
        erasure.certificate = {"addresses": addresses}
        erasure.save(update_fields=["certificate", "updated_at"])
    gone = {"schemas": schemas(school_id, erasure.schema)}
    loading.drop(*gone["schemas"])
    with scope._entered(_shadow(school_id, erasure.schema)):
        files = storage.erase()
        keys = cache.forget_all()
    with context.in_public(), transaction.atomic():
        archives = places.remove_all(school_id)
        removed = jobs.erase(str(school_id))
        Copy.objects.filter(school_id=school_id).delete()
        Restoration.objects.filter(school_id=school_id).delete()
        Anchor.objects.filter(scope_id=str(school_id)).delete()
        School.objects.filter(pk=school_id).delete()
        erasure.erased_at = at
        counted = {
            "schemas": len(gone["schemas"]),
            "files": files,
            "archives": archives,
            "cache": keys,
            "jobs": removed,
        }
        erasure.certificate = _certificate(erasure, addresses, counted)
        erasure.save()
        audit.record("school.erased", on=erasure, by=None, at=at, changes={"removed": json.dumps(counted)})
    resolve.forget(*addresses)
    log.info("school erased", extra={"school_id": str(school_id)})
    return erasure


def sweep(school_id: UUID) -> dict[str, int]:
    """What of a school can still be found, by place; an erased one is found nowhere."""
    with context.in_public():
        known = School.objects.filter(pk=school_id).first() or Erasure.objects.filter(school_id=school_id).first()
        schema = known.schema if known else ""
        found = {
            "schemas": len(schemas(school_id, schema)),
            "rows": School.objects.filter(pk=school_id).count() + Domain.objects.filter(school_id=school_id).count(),
            "copies": Copy.objects.filter(school_id=school_id).count()
            + Restoration.objects.filter(school_id=school_id).count(),
            "archives": len(places.of_school(school_id)),
            "anchors": Anchor.objects.filter(scope_id=str(school_id)).count(),
            "jobs": jobs.of_school(str(school_id)),
        }
    with scope._entered(_shadow(school_id, schema)):
        found["media"] = sum(1 for _path in storage.walk())
        found["cache"] = len(cache.list_all())
    return found


def mentions(school_id: UUID) -> dict[str, int]:
    """Where the opaque id is still written on purpose: the platform's own trail, and log lines until they age out."""
    with context.in_public():
        entries = Entry.objects.filter(object_id=str(school_id)).count()
    wanted = str(school_id)
    lines = 0
    for path in sorted(Path(settings.VAR).glob("log/*.log")):
        with path.open(errors="replace") as file:
            lines += sum(1 for line in file if wanted in line)
    return {"audit entries": entries, "log lines": lines}


def is_genuine(certificate: dict[str, Any]) -> bool:
    """Whether a certificate is word for word as this platform signed it."""
    said = {key: value for key, value in certificate.items() if key != "signature"}
    return constant_time_compare(_signature(said), str(certificate.get("signature", "")))


def open_of(school_id: Any) -> Erasure | None:
    """The end that was asked for and neither taken back nor carried out; call inside in_public()."""
    return Erasure.objects.filter(school_id=school_id, taken_back_at=None, erased_at=None).first()


def tombstones() -> Rows[Erasure]:
    """The schools that were erased, the last one first; call inside in_public()."""
    return Erasure.objects.exclude(erased_at=None).order_by("-erased_at")  # type: ignore[return-value]


def schemas(school_id: UUID, schema: str) -> list[str]:
    """Every schema of a school: its own, one beside it, those that were replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname = %s OR nspname LIKE %s ORDER BY nspname",
            [schema, f"%{school_id.hex}%"],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _open(school_id: Any) -> Erasure:
    erasure = open_of(school_id)
    if erasure is None:
        raise NotFound(_("Nobody asked for the end of this school."))
    return erasure


def _certificate(erasure: Erasure, addresses: list[str], counted: dict[str, int]) -> dict[str, Any]:
    said = {
        "platform": settings.PLATFORM_DOMAIN,
        "school": str(erasure.school_id),
        "addresses": addresses,
        "reason": erasure.reason,
        "asked_by": erasure.asked_by,
        "asked_at": erasure.asked_at.isoformat(timespec="seconds"),
        "confirmed_by": erasure.confirmed_by,
        "confirmed_at": erasure.confirmed_at.isoformat(timespec="seconds") if erasure.confirmed_at else "",
        "erased_at": erasure.erased_at.isoformat(timespec="seconds") if erasure.erased_at else "",
        "removed": counted,
        "kept": "This record, and the platform's own audit trail of what operators did. Base backups of the cluster "
        "hold the school until they age out.",
    }
    return {**said, "signature": _signature(said)}


def _signature(said: dict[str, Any]) -> str:
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return salted_hmac(_SALT, plain, algorithm="sha256").hexdigest()


def _shadow(school_id: UUID, schema: str) -> scope.Scope:
    """Stands where the school stood, for its files and its keys; there is no table there any more."""
    return scope.Scope(id=str(school_id), slug="", schema=schema or "no_tenant_selected", name="", state="", host="")
