"""What "Find anything" finds of classes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from schools.academics import policies, queries
from web import search


def classes(user: Any, words: Sequence[str], limit: int) -> list[search.Hit]:
    """This year's classes by name."""
    if not policies.may_open_class(user):
        return []
    wanted = Q()
    for word in words:
        wanted &= Q(name__icontains=word)
    found = queries.visible_to(user).filter(wanted, year=queries.current_year())[:limit]
    return [
        search.Hit(
            row.name,
            reverse("academics:class", args=[row.pk]),
            row.class_teacher.short_name if row.class_teacher else "",
            "register",
        )
        for row in found
    ]
