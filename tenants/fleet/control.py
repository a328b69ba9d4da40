"""What an operator says to a rollout: pause, go on, try those again that failed, who goes first."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from audit import recording as audit
from tenants import context
from tenants.fleet import head
from tenants.models import Rollout, School, Upgrade, UpgradeState


@transaction.atomic
def pause(*, by: audit.Actor | None, at: datetime) -> Rollout:
    """Take no further school; those underway are finished. Holds for this version until somebody resumes it."""
    with context.in_public():
        rollout, _made = Rollout.objects.get_or_create(target=head.current().digest)
        if rollout.paused_at is None:
            rollout.paused_at = at
            rollout.save(update_fields=["paused_at", "updated_at"])
            audit.record("fleet.paused", on=rollout, by=by, at=at)
    return rollout


@transaction.atomic
def resume(*, by: audit.Actor | None, at: datetime) -> None:
    """Let `fleet migrate` take schools again."""
    with context.in_public():
        rollout = Rollout.objects.filter(target=head.current().digest, paused_at__isnull=False).first()
        if rollout is not None:
            rollout.paused_at = None
            rollout.save(update_fields=["paused_at", "updated_at"])
            audit.record("fleet.resumed", on=rollout, by=by, at=at)


@transaction.atomic
def choose_canary(*, school_id: Any, first: bool, by: audit.Actor | None, at: datetime) -> School:
    """Have a school get new versions before the others, or with them."""
    with context.in_public():
        school = School.objects.lock(school_id)
        if school.is_canary != first:
            school.is_canary = first
            school.save(update_fields=["is_canary", "updated_at"])
            audit.record(f"school.canary_{'chosen' if first else 'released'}", on=school, by=by, at=at)
    return school


@transaction.atomic
def retry(*, slugs: Collection[str] = (), by: audit.Actor | None, at: datetime) -> list[str]:
    """Have the schools that failed, or these of them, wait again; gives back their slugs."""
    with context.in_public():
        failed = Upgrade.objects.filter(target=head.current().digest, state=UpgradeState.FAILED)
        if slugs:
            failed = failed.filter(school__slug__in=slugs)
        schools = list(School.objects.filter(upgrade__in=failed).order_by("slug"))
        Upgrade.objects.filter(school__in=schools).update(
            state=UpgradeState.WAITING, attempts=0, error="", not_before=at, updated_at=at
        )
        audit.record_many([("fleet.retried", school, {}) for school in schools], by=by, at=at)
    return [school.slug for school in schools]
