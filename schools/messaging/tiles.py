"""What of messages each role sees first."""

from typing import Any

from django.http import HttpRequest

from core import clock
from identity.access import user_of
from identity.models import User
from schools.messaging import policies, queries

SHOWN = 4


def unread(request: HttpRequest) -> int:
    """How many messages somebody has not opened, for the badge."""
    return queries.unread(request.user) if isinstance(request.user, User) else 0


def board(request: HttpRequest) -> dict[str, Any] | None:
    """The newest notices."""
    found = queries.board(user_of(request), clock.today())
    return {"standing": found[:SHOWN]} if found else None


def waits(request: HttpRequest) -> dict[str, Any] | None:
    """What needs the office: messages to approve, paused ones, deliveries of which nobody knows, little credit."""
    user = user_of(request)
    found = {
        "approve": list(queries.waiting_for_approval()[:SHOWN]) if policies.may_approve(user) else [],
        "paused": list(queries.paused()[:SHOWN]),
        "unknown": queries.open_unknown(),
        "low": queries.running_low(clock.now()),
    }
    return found if any(found.values()) else None
