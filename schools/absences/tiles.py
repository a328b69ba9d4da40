"""What of planned absences stands on the home page and in the navigation."""

from typing import Any

from django.http import HttpRequest

from identity.access import user_of
from identity.models import User
from schools.absences import queries

SHOWN = 5


def waiting(request: HttpRequest) -> int:
    """How many wait for this user, for the badge."""
    return queries.to_decide(request.user).count() if isinstance(request.user, User) else 0


def to_decide(request: HttpRequest) -> dict[str, Any] | None:
    """Requests that wait for an answer."""
    found = list(queries.to_decide(user_of(request))[:SHOWN])
    return {"waiting": found} if found else None
