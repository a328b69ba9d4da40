"""Classes of a year."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict
from identity.models import User
from schools.academics import queries
from schools.academics.models import (
    AcademicYear,
    GradeLevel,
    SchoolClass,
    Stream,
)
from schools.bulk import services as bulk
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


@transaction.atomic
def close_class(*, school_class: SchoolClass, by: By, at: datetime) -> None:
    """Take back a class that nobody was ever in; raises Conflict when it is in use."""
    row = SchoolClass.objects.lock(school_class.pk)
    audit.record("class.closed", on=row, by=by, at=at, changes={"year": [row.year.name, None]})
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        raise Conflict(_("%(name)s is in use and stays.") % {"name": row.name}) from None


@transaction.atomic
def open_classes_like(*, year: AcademicYear, like: AcademicYear, by: User | None, at: datetime) -> int:
    """Open the classes that another year has, with its rooms, places and teachers; gives back how many are new.

    Those that are open already stay as they are. Can be undone.
    """
    AcademicYear.objects.lock(year.pk)
    there = {(row.grade_level_id, row.stream_id) for row in SchoolClass.objects.filter(year=year)}
    wanted = SchoolClass.objects.filter(year=like).select_related("grade_level", "stream", "class_teacher")
    said = _("Classes of %(year)s opened like those of %(like)s") % {"year": year.name, "like": like.name}
    new: list[SchoolClass] = []
    with bulk.recorded(kind="academics.classes", said=said, by=by, at=at) as ledger:
        for row in wanted:
            if (row.grade_level_id, row.stream_id) not in there:
                new.append(
                    open_class(
                        year=year, grade_level=row.grade_level, stream=row.stream, name=row.name,
                        class_teacher=row.class_teacher, capacity=row.capacity, room=row.room, by=by, at=at,
                    )
                )  # fmt: skip
        ledger.created(SchoolClass, [row.pk for row in new])
    return len(new)
