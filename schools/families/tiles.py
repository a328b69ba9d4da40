"""What the home pages show of families."""

from typing import Any

from django.http import HttpRequest

from identity.access import user_of
from schools.families import queries
from schools.people import queries as people


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """For the office: how many fields wait for a decision."""
    number = queries.waiting().count()
    return {"number": number, "lines": queries.shown(list(queries.waiting()[:4]))} if number else None


def check(request: HttpRequest) -> dict[str, Any] | None:
    """For a guardian: the round that asks to confirm."""
    guardian = people.guardian_of(user_of(request))
    row = queries.open_confirmation_of(guardian) if guardian is not None else None
    return {"row": row} if row is not None else None
