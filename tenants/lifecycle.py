"""Suspend and resume a school; what it shows of itself."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import jobs
from core.errors import Conflict, DomainError
from identity import accounts
from identity.models import User
from tenants import context, resolve
from tenants.models import Domain, School, State


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
