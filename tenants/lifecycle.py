"""Suspend and resume a school, put it away and bring it back, give it another address; what it shows of itself."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import cache, jobs, storage
from core.errors import Conflict, DomainError
from identity import accounts
from identity.models import User
from tenants import context, naming, provisioning, resolve
from tenants.archive import importing, loading, making, places
from tenants.archive.packing import Unpacker
from tenants.models import Copy, CopyKind, CopyReason, Domain, School, State


def suspend(*, school_id: Any, reason: str, by: audit.Actor | None, at: datetime) -> School:
    """Close a school at once on every surface; its data stays. Raises DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Say why."), errors={"reason": [_("Say why: the school reads it.")]})
    return _move(school_id, (State.LIVE, State.READ_ONLY), State.SUSPENDED, reason.strip()[:300], by, at, "suspended")


def resume(*, school_id: Any, by: audit.Actor | None, at: datetime) -> School:
    """Open a suspended or read-only school again."""
    return _move(school_id, (State.SUSPENDED, State.READ_ONLY), State.LIVE, "", by, at, "resumed")


def make_read_only(*, school_id: Any, reason: str, by: audit.Actor | None, at: datetime) -> School:
    """Refuse every write of a school while it may still be read."""
    return _move(school_id, (State.LIVE,), State.READ_ONLY, reason.strip()[:300], by, at, "made_read_only")


@transaction.atomic
def ask_to_archive(*, school_id: Any, reason: str, by: audit.Actor | None, at: datetime) -> School:
    """Close a school at once and have it put away in the background."""
    school = suspend(school_id=school_id, reason=reason, by=by, at=at)
    with context.in_public():
        audit.record("school.archive_begun", on=school, by=by, at=at)
        jobs.later("tenants.put_away", school_id=str(school.pk), by=str(by) if by else "")
    return school


def put_away(*, school_id: Any, by: str, at: datetime) -> School:
    """Write a closed school into an archive, prove the archive whole, then drop its tables and files."""
    with context.in_public():
        school = School.objects.get(pk=school_id)
        if school.state == State.ARCHIVED:
            return school
        if school.state != State.SUSPENDED:
            raise Conflict(_("Only a suspended school is put away."))
        copy = Copy.objects.filter(
            school_id=school.pk, reason=CopyReason.ARCHIVED, state__in=making.UNDERWAY
        ).first() or making.begin(school, kind=CopyKind.ARCHIVE, reason=CopyReason.ARCHIVED, by=None)
    copy = making.make(copy.pk, at=at)
    importing.check(copy, at=at)
    with transaction.atomic(), context.in_public():
        school = School.objects.lock(school_id)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {naming.quoted(school.schema)} CASCADE")
        school.state = State.ARCHIVED
        school.save(update_fields=["state", "updated_at"])
        audit.record("school.archived", on=school, by=None, at=at, changes={"file": copy.file, "for": by})
        hosts = _hosts(school)
    with context.in_school(school):
        storage.erase()
        cache.forget_all()
    resolve.forget(*hosts)
    return school


@transaction.atomic
def ask_to_bring_back(*, school_id: Any, by: audit.Actor | None, at: datetime) -> School:
    """Have an archived school brought back in the background, under the id that it had."""
    with context.in_public():
        school = School.objects.lock(school_id)
        if school.state != State.ARCHIVED:
            raise Conflict(_("This school is not archived."))
        audit.record("school.bring_back_asked", on=school, by=by, at=at)
        jobs.later("tenants.bring_back", school_id=str(school.pk))
    return school


def bring_back(*, school_id: Any, at: datetime) -> School:
    """Load an archived school out of its archive and open it; raises Conflict when there is none."""
    with context.in_public():
        school = School.objects.get(pk=school_id)
        if school.state != State.ARCHIVED:
            return school
        copy = making.newest(school.pk)
        if copy is None:
            raise Conflict(_("There is no archive of this school."))
    with places.at_hand(copy.file) as local, Unpacker(local) as source:
        loading.load(source, school.schema)
        loading.put_media(source, school)
    return _move(school_id, (State.ARCHIVED,), State.LIVE, "", None, at, "brought_back")


@transaction.atomic
def rename(*, school_id: Any, slug: str, by: audit.Actor | None, at: datetime) -> School:
    """Give a school another address; the old one leads to it for good and is never another school's."""
    slug = slug.strip().lower()
    provisioning.check_address(slug)
    with context.in_public():
        school = School.objects.lock(school_id)
        if school.state not in (State.LIVE, State.READ_ONLY, State.SUSPENDED, State.ARCHIVED):
            raise Conflict(_("This school cannot be renamed now."))
        if school.slug == slug:
            return school
        host = f"{slug}.{settings.PLATFORM_DOMAIN}"
        if provisioning.is_taken(slug, but_for=school):
            taken = _("Another school has this address, or had it.")
            raise Conflict(taken, errors={"slug": [taken]})
        before, school.slug = school.slug, slug
        school.save(update_fields=["slug", "updated_at"])
        Domain.objects.filter(school=school, is_primary=True).update(is_primary=False)
        Domain.objects.update_or_create(host=host, defaults={"school": school, "is_primary": True})
        audit.record("school.renamed", on=school, by=by, at=at, changes={"slug": [before, slug]})
        hosts = _hosts(school)
    if school.state != State.ARCHIVED:
        with context.in_school(school):
            audit.record("school.renamed", by=by, at=at, changes={"slug": [before, slug]})
    transaction.on_commit(lambda: resolve.forget(*hosts))
    return school


@transaction.atomic
def present(*, school_id: Any, name: str, facts: dict[str, Any], by: audit.Actor | None, at: datetime) -> None:
    """Change the name and the facts that a school's own pages show; keys with None are dropped."""
    with context.in_public():
        school = School.objects.lock(school_id)
        before = {"name": school.name, **school.facts}
        school.name = name
        school.facts = {k: v for k, v in {**school.facts, **facts}.items() if v is not None}
        school.save(update_fields=["name", "facts", "updated_at"])
        hosts = _hosts(school)
    changed = {k: [before.get(k), v] for k, v in {"name": name, **facts}.items() if before.get(k) != v}
    with context.in_school(school):
        audit.record("school.presented", by=by, at=at, changes=changed)
    transaction.on_commit(lambda: resolve.forget(*hosts))


@transaction.atomic
def invite_head(*, school_id: Any, by: audit.Actor | None, at: datetime) -> User:
    """Send the head's invitation again; raises Conflict when the head has chosen a password, or there is none."""
    with context.in_public():
        school = School.objects.lock(school_id)
        if school.state not in (State.LIVE, State.READ_ONLY):
            raise Conflict(_("The school is not open: its head cannot be invited now."))
    with context.in_school(school):
        head = User.objects.filter(username__iexact=school.head_email, is_active=True).first()
        if not school.head_email or head is None:
            raise Conflict(_("This school was set up without the head's e-mail address."))
        if head.has_usable_password():
            raise Conflict(_("The head has chosen a password already."))
        accounts.invite(user=head, by=by, at=at)
    with context.in_public():
        audit.record("school.head_invited", on=school, by=by, at=at, changes={"to": school.head_email})
    return head


@transaction.atomic
def _move(
    school_id: Any,
    allowed: tuple[str, ...],
    to: str,
    reason: str,
    by: audit.Actor | None,
    at: datetime,
    verb: str,
) -> School:
    with context.in_public():
        school = School.objects.lock(school_id)
        if school.state == to:
            return school
        if school.state not in allowed:
            said = {"school": school.name, "state": school.get_state_display().lower()}
            raise Conflict(_("%(school)s is %(state)s: this cannot be done now.") % said)
        before, school.state, school.state_reason = school.state, to, reason
        school.suspended_at = at if to == State.SUSPENDED else None
        school.save(update_fields=["state", "state_reason", "suspended_at", "updated_at"])
        audit.record(f"school.{verb}", on=school, by=by, at=at, changes={"state": [before, to], "reason": reason})
        hosts = _hosts(school)
        if to == State.LIVE:
            jobs.wake(str(school.pk))
    transaction.on_commit(lambda: resolve.forget(*hosts))
    return school


def _hosts(school: School) -> list[str]:
    return list(Domain.objects.filter(school=school).values_list("host", flat=True))
