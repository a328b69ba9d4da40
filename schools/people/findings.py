"""What "Find anything" finds of people."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from schools.people import directory, policies, queries
from schools.people.templatetags.people import phone
from web import search


def students(user: Any, words: Sequence[str], limit: int) -> list[search.Hit]:
    """Students by name, number or a guardian's phone, with what tells them apart."""
    found = list(queries.search_students(queries.visible_to(user), " ".join(words))[:limit])
    ids = [student.pk for student in found]
    notes: dict[Any, list[str]] = {student.pk: [] for student in found}
    for column in directory.columns_for(user):
        if column.under_name and ids:
            for pk, value in column.load(ids).items():
                notes[pk].append(column.plain(value))
    return [
        search.Hit(
            title=student.short_name,
            url=reverse("people:student", args=[student.pk]),
            note=" · ".join([*notes[student.pk], student.admission_number]),
            icon="user",
        )
        for student in found
    ]


def guardians(user: Any, words: Sequence[str], limit: int) -> list[search.Hit]:
    """Guardians by name or phone."""
    if not policies.may_list_guardians(user):
        return []
    found = queries.search_guardians(queries.guardians_visible_to(user), " ".join(words))[:limit]
    return [search.Hit(g.short_name, reverse("people:guardian", args=[g.pk]), phone(g.phone), "users") for g in found]


def staff(user: Any, words: Sequence[str], limit: int) -> list[search.Hit]:
    """Colleagues by name or number."""
    if not policies.may_list_staff(user):
        return []
    found = queries.search_staff(queries.staff_visible_to(user), " ".join(words))[:limit]
    return [search.Hit(s.short_name, reverse("people:staff_member", args=[s.pk]), s.job_title, "user") for s in found]


def households(user: Any, words: Sequence[str], limit: int) -> list[search.Hit]:
    """Households by name, town, phone or who lives there."""
    if not policies.may_list_households(user):
        return []
    found = queries.search_households(queries.households_visible_to(user), " ".join(words)).order_by("name", "pk")
    return [search.Hit(h.name, reverse("people:home", args=[h.pk]), h.town, "home") for h in found[:limit]]
