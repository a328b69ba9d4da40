"""What "Find anything" finds of admissions."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from schools.admissions import policies, queries
from web import search


def applications(user: Any, words: Sequence[str], limit: int) -> list[search.Hit]:
    """Applications by name or reference."""
    if not policies.may_admit(user):
        return []
    found = queries.search(queries.visible_to(user), " ".join(words))[:limit]
    return [
        search.Hit(
            a.name, reverse("admissions:application", args=[a.pk]), f"{a.reference} · {a.get_stage_display()}", "plus"
        )
        for a in found
    ]
