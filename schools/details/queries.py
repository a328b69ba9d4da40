"""What is read of houses, own fields and students' details."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from core.errors import NotFound
from identity.models import User
from schools.details import policies
from schools.details.models import Details, House, OwnField
from schools.people import queries as people
from schools.people.models import Student

MOST_TAGS_READ = 5000


def houses() -> QuerySet[House]:
    """The school's houses, by name."""
    return House.objects.all()


def houses_with_numbers() -> QuerySet[House]:
    """The houses, each with how many belong to it as `n`."""
    return House.objects.annotate(n=Count("members")).order_by("name", "pk")


def house_for(pk: UUID) -> House:
    """One house; raises NotFound."""
    found = House.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such house.")
    return found


def field_for(pk: UUID) -> OwnField:
    """One field; raises NotFound."""
    found = OwnField.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such field.")
    return found


def asked() -> list[OwnField]:
    """The fields that are asked now, in their order."""
    return list(OwnField.objects.filter(retired=False))


def read_by(user: User) -> list[OwnField]:
    """The fields whose answers this user may read, in their order."""
    return list(OwnField.objects.filter(retired=False, audience__in=policies.audiences_of(user)))


def student_for(user: User, pk: UUID) -> Student:
    """A student whom this user sees; raises NotFound."""
    found = people.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such student.")
    return found


def details_of(student: Student) -> Details:
    """What is noted of a student; an unsaved row when nothing is."""
    found = Details.objects.select_related("house").filter(student=student).first()
    return found or Details(student=student)


def held(ids: Sequence[UUID]) -> Mapping[UUID, Details]:
    """What is noted, by student."""
    rows = Details.objects.select_related("house").filter(student__in=ids)
    return {row.student_id: row for row in rows}


def tags() -> list[str]:
    """Every tag in use, in order."""
    lists: Any = Details.objects.exclude(tags=[]).values_list("tags", flat=True)[:MOST_TAGS_READ]
    return sorted({tag for some in lists for tag in some}, key=str.casefold)
