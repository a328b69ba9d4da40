"""What the office's home shows of admissions."""

from typing import Any

from django.http import HttpRequest

from identity.access import user_of
from schools.admissions import queries
from schools.admissions.choices import OPEN


def pipeline(request: HttpRequest) -> dict[str, Any] | None:
    """How many applications wait in each open stage."""
    counts = queries.waiting_for_office(user_of(request))
    rows = [(stage, counts[stage]) for stage in OPEN if counts.get(stage)]
    return {"rows": rows} if rows else None
