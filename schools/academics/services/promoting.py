"""Many students into next year's classes at once: the writes of a promotion, a batch at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from identity.models import User
from schools.academics import choices
from schools.academics.models import Enrolment, SchoolClass
from schools.academics.services.enrolments import ClassFull
from schools.bulk.ledger import Ledger
from schools.people.choices import StudentStatus
from schools.people.models import Student

_ENDS = {choices.ExitCode.GRADUATED: StudentStatus.GRADUATED, choices.ExitCode.LEFT: StudentStatus.LEFT}


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one student: the class to join, or None for who graduates or leaves."""

    student_id: UUID
    exit_code: str
    entry_code: str = ""
    school_class: SchoolClass | None = None


@transaction.atomic
def take_steps(
    *, steps: Sequence[Step], last_day: date, first_day: date, ledger: Ledger, by: User | None, at: datetime
) -> int:
    """End each student's class on `last_day` and open the next on `first_day`; raises ClassFull before anything.

    A student who is in no class any more is left as they are. Gives back how many were placed.
    """
    # One order for everybody who changes several, so that two of them cannot wait for each other.
    ids = sorted(step.student_id for step in steps)
    students = {s.pk: s for s in Student.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))}
    present = {row.student_id: row for row in Enrolment.objects.filter(student__in=ids, ends_on=None)}
    todo = [step for step in steps if step.student_id in present]
    _check_places(todo)
    ledger.changing(Student, [step.student_id for step in todo if step.school_class is None])
    ledger.changing(Enrolment, [row.pk for row in present.values()])
    ended: list[Enrolment] = []
    opened: list[Enrolment] = []
    gone: list[Student] = []
    acts: list[tuple[str, Any, dict[str, Any]]] = []
    for step in todo:
        row, student = present[step.student_id], students[step.student_id]
        if row.starts_on > last_day:
            raise saving.wrong("on", _("%(name)s joined the class later.") % {"name": student.full_name})
        row.ends_on, row.exit_code, row.updated_at = last_day, step.exit_code, timezone.now()
        ended.append(row)
        if step.school_class is not None:
            opened.append(
                Enrolment(
                    student=student, school_class=step.school_class, starts_on=first_day, entry_code=step.entry_code
                )
            )
            said = {"class": [None, step.school_class.name], "on": str(first_day), "why": step.entry_code}
            acts.append(("enrolment.moved", student, said))
        else:
            student.status, student.left_on = _ENDS[choices.ExitCode(step.exit_code)], last_day
            student.updated_at = timezone.now()
            gone.append(student)
            acts.append(("enrolment.ended", student, {"on": str(last_day), "why": step.exit_code}))
    Enrolment.objects.bulk_update(ended, ["ends_on", "exit_code", "updated_at"], batch_size=300)
    Enrolment.objects.bulk_create(opened, batch_size=500)
    Student.objects.bulk_update(gone, ["status", "left_on", "updated_at"], batch_size=300)
    ledger.created(Enrolment, [row.pk for row in opened])
    audit.record_many(acts, by=by, at=at)
    return len(todo)


def _check_places(steps: Sequence[Step]) -> None:
    """The classes are locked, so that two cannot take the last place."""
    wanted = Counter(step.school_class.pk for step in steps if step.school_class is not None)
    classes = list(SchoolClass.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)))
    inside = dict(
        Enrolment.objects.filter(school_class__in=wanted, ends_on=None)
        .order_by()
        .values_list("school_class")
        .annotate(n=Count("pk"))
    )
    for row in classes:
        if row.capacity is not None and inside.get(row.pk, 0) + wanted[row.pk] > row.capacity:
            raise ClassFull(row)
