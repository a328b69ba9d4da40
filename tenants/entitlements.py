"""What a school may use of the platform: numbers, each with the platform's own where the school has none of its own.

Stored on School, copied onto every scope that is entered. Billing writes them by plan; operators may too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import recording as audit
from core.errors import DomainError, NotFound
from tenants import context, resolve
from tenants.models import Domain, School


@dataclass(frozen=True, slots=True)
class Limit:
    """One number that a school is held to, its bounds, and what it means."""

    name: str
    least: int
    most: int
    label: str | Promise


LIMITS = {
    limit.name: limit
    for limit in (
        Limit("job_slots", 1, 100, gettext_lazy("Jobs at once, while other schools wait")),
        Limit("work_percent", 1, 100, gettext_lazy("Work of each web process, per cent of its time")),
        Limit("requests_per_second", 1, 10_000, gettext_lazy("Requests a second")),
        Limit("concurrent_requests", 1, 10_000, gettext_lazy("Requests at once")),
        Limit("api_requests_per_minute", 1, 10_000_000, gettext_lazy("Requests a minute of one API key")),
        Limit("sms_parts_per_month", 0, 10_000_000, gettext_lazy("SMS parts a month")),
        Limit("statement_timeout_ms", 100, 600_000, gettext_lazy("Longest database statement of a page, milliseconds")),
        Limit("job_statement_timeout_ms", 1_000, 3_600_000, gettext_lazy("The same of a job")),
    )
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What one limit is for a school, and whether that is its own or the usual."""

    limit: Limit
    value: int
    usual: int
    own: bool


def of(school: School) -> list[Holding]:
    """Every limit of a school."""
    usual = context.usual_limits()
    return [
        Holding(limit, school.limits.get(name, usual[name]), usual[name], name in school.limits)
        for name, limit in LIMITS.items()
    ]


@transaction.atomic
def set_limits(*, school_id: Any, limits: Mapping[str, int | None], by: audit.Actor | None, at: datetime) -> School:
    """Change limits of a school, in force at its next request and job; None gives back the platform's.

    Raises DomainError that names the limit.
    """
    errors = {name: wrong for name, value in limits.items() if (wrong := _wrong(name, value))}
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)
    with context.in_public():
        try:
            school = School.objects.lock(school_id)
        except School.DoesNotExist:
            raise NotFound(_("This school is not there any more.")) from None
        before = dict(school.limits)
        school.limits = {name: v for name, v in {**before, **limits}.items() if v is not None}
        changed = {name: [before.get(name), v] for name, v in limits.items() if before.get(name) != v}
        if not changed:
            return school
        school.save(update_fields=["limits", "updated_at"])
        audit.record("school.limits_changed", on=school, by=by, at=at, changes=changed)
        hosts = list(Domain.objects.filter(school=school).values_list("host", flat=True))
    transaction.on_commit(lambda: resolve.forget(*hosts))
    return school


def _wrong(name: str, value: int | None) -> list[str]:
    limit = LIMITS.get(name)
    if limit is None:
        return [_("No limit has this name.")]
    if value is not None and not limit.least <= value <= limit.most:
        return [_("Must be from %(least)s to %(most)s.") % {"least": limit.least, "most": limit.most}]
    return []
