"""Classes of a year."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from schools.academics import queries
from schools.academics.models import (
    AcademicYear,
    GradeLevel,
    SchoolClass,
    Stream,
)
from schools.people.models import Staff

By = audit.Actor | None


class ClassFacts(TypedDict, total=False):
    """What may be said of a class besides what it is."""

    name: str
    class_teacher: Staff | None
    capacity: int | None
    room: str


@transaction.atomic
def open_class(
    *,
    year: AcademicYear,
    grade_level: GradeLevel,
    by: By,
    at: datetime,
    stream: Stream | None = None,
    **facts: Unpack[ClassFacts],
) -> SchoolClass:
    """Open a class of a year; its name is grade level and stream unless one is given."""
    row = SchoolClass(year=year, grade_level=grade_level, stream=stream)
    saving.put(row, facts)
    row.name = row.name or " ".join(part.name for part in (grade_level, stream) if part is not None)
    saving.check(row, {})
    saving.save(row, _taken())
    audit.record("class.opened", on=row, by=by, at=at, changes={"year": year.name})
    return row


@transaction.atomic
def change_class(*, school_class: SchoolClass, by: By, at: datetime, **facts: Unpack[ClassFacts]) -> SchoolClass:
    """Change a class's name, teacher, places or room; raises DomainError when more learners are in it than places."""
    row = SchoolClass.objects.lock(school_class.pk)
    changes = saving.put(row, facts)
    if changes:
        saving.check(row, {})
        inside = queries.inside(row).count() if row.capacity is not None and "capacity" in changes else 0
        if row.capacity is not None and inside > row.capacity:
            raise saving.wrong("capacity", _("%(n)s learners are in the class now.") % {"n": inside})
        saving.save(row, _taken())
        audit.record("class.changed", on=row, by=by, at=at, changes=changes)
    return row


def _taken() -> dict[str, tuple[str, str]]:
    return {
        "academics_class_once": ("stream", _("This class is open already.")),
        "academics_class_name": ("name", _("Another class of the year has this name.")),
    }
