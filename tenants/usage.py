"""What each school uses: counted inside the school by a periodic job, pushed to one public row that lists read.

The domains say how their own things are counted; accounts and files are counted here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.db.models.functions import TruncDate

from audit.models import Entry
from core import scope, storage
from identity.models import Kind, User
from tenants import context
from tenants.models import Usage

WEEK = timedelta(days=7)
DAYS = 8
COUNTED = ("students", "staff")

Counter = Callable[[], int]
_counters: dict[str, Counter] = {}


def register(name: str, count: Counter) -> None:
    """Say how something of every school is counted; called from a domain's AppConfig.ready()."""
    if name not in COUNTED:
        raise ValueError(f"{name} is not one of {', '.join(COUNTED)}.")
    _counters[name] = count


def push(*, at: datetime) -> Usage:
    """Count the current school and write its row; the newest count replaces the one before."""
    school = scope.current_school()
    people = User.objects.filter(kind=Kind.PERSON, is_active=True)
    found = {
        **{name: count() for name, count in _counters.items()},
        "active_users": people.filter(last_login__gt=at - WEEK).count(),
        "active_by_day": _active_by_day(at),
        "last_sign_in_at": people.aggregate(last=Max("last_login"))["last"],
        "storage_bytes": storage.size(),
        "taken_at": at,
    }
    with context.in_public():
        row, _made = Usage.objects.update_or_create(school_id=school.id, defaults=found)
    return row


def _active_by_day(at: datetime) -> list[int]:
    """How many people signed in on each of the last eight days, the oldest first."""
    days = [at.date() - timedelta(days=back) for back in reversed(range(DAYS))]
    counted = dict(
        Entry.objects.filter(action="user.signed_in", at__gt=at - timedelta(days=DAYS))
        .annotate(day=TruncDate("at"))
        .values_list("day")
        .annotate(people=Count("actor_id", distinct=True))
    )
    return [counted.get(day, 0) for day in days]
