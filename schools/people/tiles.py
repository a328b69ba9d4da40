"""What the home page shows of people."""

from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest

from identity.access import user_of
from schools.people import choices, directory, queries
from schools.people.models import Photo, Student

LATEST = 5


def roll(request: HttpRequest) -> dict[str, Any] | None:
    """For the registrar: how many are on the roll, who came last, whose record lacks a guardian."""
    here = Student.objects.filter(status=choices.StudentStatus.ENROLLED)
    counts = here.aggregate(
        here=Count("pk", distinct=True),
        boarders=Count("pk", distinct=True, filter=Q(boarding=choices.Boarding.BOARDER)),
        alone=Count("pk", distinct=True, filter=Q(guardianships=None)),
    )
    latest = list(here.order_by(F("admitted_on").desc(nulls_last=True), "-created_at")[:LATEST])
    return {**counts, "latest": latest}


def find(request: HttpRequest) -> dict[str, Any] | None:
    """For the bursar: the way to a student's record, by name, number or a guardian's phone."""
    return {} if user_of(request).is_authenticated else None


def children(request: HttpRequest) -> dict[str, Any] | None:
    """For a guardian: the children, each with class and a way to the profile; for a student: themselves."""
    user = user_of(request)
    found = list(queries.visible_to(user).filter(status=choices.StudentStatus.ENROLLED).order_by("first_name", "pk"))
    if not found:
        return None
    ids = [student.pk for student in found]
    photos = {photo.student_id: photo for photo in Photo.objects.filter(student__in=ids)}
    lines: dict[Any, list[str]] = {pk: [] for pk in ids}
    for column in directory.columns_for(user):
        if column.under_name:
            for pk, value in column.load(ids).items():
                lines[pk].append(column.plain(value))
    own = len(found) == 1 and found[0].user_id == user.pk
    return {
        "children": [(student, photos.get(student.pk), " · ".join(lines[student.pk])) for student in found],
        "own": own,
    }
