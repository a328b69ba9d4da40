"""The platform's state in a few figures, each with the word that says whether it is well."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from core import clock
from core.models import Job
from tenants.models import State

SLOW_AFTER = timedelta(seconds=30)
RECENT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure: what, how much, whether that is well, and what it is measured against."""

    label: str
    value: str
    note: str
    well: bool


def gauges(numbers: Mapping[str, int]) -> list[Gauge]:
    """Schools and jobs at a glance; one statement."""
    now = clock.now()
    jobs = Job.objects.aggregate(
        oldest=Min("run_after", filter=Q(state="waiting", run_after__lte=now)),
        waiting=Count("pk", filter=Q(state="waiting")),
        failed=Count("pk", filter=Q(state="failed", updated_at__gt=now - RECENT)),
    )
    oldest = now - jobs["oldest"] if jobs["oldest"] else timedelta()
    whole, live = sum(numbers.values()), numbers.get(State.LIVE, 0)
    failed = numbers.get(State.FAILED, 0)
    underway = numbers.get(State.REQUESTED, 0) + numbers.get(State.PROVISIONING, 0)
    away = (State.SUSPENDED, State.READ_ONLY, State.ARCHIVED, State.ERASING)
    closed = sum(numbers.get(state, 0) for state in away)
    return [
        Gauge(
            _("Live"),
            _("%(n)s of %(all)s") % {"n": f"{live:,}", "all": f"{whole:,}"},
            _("%(n)s closed or read-only") % {"n": closed},
            True,
        ),
        Gauge(
            _("Failed set-ups"),
            f"{failed:,}",
            _("%(n)s under way") % {"n": underway},
            not failed,
        ),
        Gauge(
            _("Oldest job"),
            lasting(oldest),
            _("limit 30 s · %(n)s waiting") % {"n": jobs["waiting"]},
            oldest <= SLOW_AFTER,
        ),
        Gauge(_("Failed jobs"), f"{jobs['failed']:,}", _("in 24 hours"), not jobs["failed"]),
    ]


def lasting(span: timedelta) -> str:
    """How long, in the largest unit that says enough."""
    seconds = int(span.total_seconds())
    for size, words in ((86400, _("%(n)s d")), (3600, _("%(n)s h")), (60, _("%(n)s min"))):
        if seconds >= 2 * size:
            return words % {"n": f"{seconds // size:,}"}
    return _("%(n)s s") % {"n": seconds}
