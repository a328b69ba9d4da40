"""Students put on the roll, changed, and noted as gone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import recording as audit
from core import saving
from core.errors import Conflict
from identity.models import User
from schools.bulk import services as bulk
from schools.people import choices, numbers, tidying
from schools.people.models import Household, Student

By = audit.Actor | None
TRIES = 5


class StudentFacts(TypedDict, total=False):
    """What may be said of a student."""

    admission_number: str
    first_name: str
    middle_name: str
    last_name: str
    date_of_birth: date | None
    sex: str
    status: str
    boarding: str
    admitted_on: date | None
    left_on: date | None
    nationality: str
    county: str
    household: Household | None
    user: User | None


@transaction.atomic
def admit(*, by: By, at: datetime, **facts: Unpack[StudentFacts]) -> Student:
    """Put a student on the roll; raises DomainError naming fields, Conflict on a taken admission number.

    Without a number the student gets the next one of the school's pattern.
    """
    student = Student()
    tidying.put(student, facts)
    if student.admitted_on is None:
        student.admitted_on = timezone.localdate(at)
    if student.admission_number or not numbers.following(at):
        _save_student(student)
    else:
        _save_under_next_number(student, at)
    said = tidying.said_of(student, {"admission_number": student.admission_number, **facts})
    audit.record("student.admitted", on=student, by=by, at=at, changes=said)
    return student


@transaction.atomic
def change_student(
    *, student: Student, by: By, at: datetime, expected: str = "", **facts: Unpack[StudentFacts]
) -> Student:
    """Change what is said of a student; raises Stale when `expected` is not the row's version any more."""
    student = Student.objects.lock(student.pk)
    saving.unchanged(student, expected)
    changes = tidying.put(student, facts)
    if changes:
        _save_student(student)
        audit.record("student.changed", on=student, by=by, at=at, changes=changes)
    return student


@transaction.atomic
def change_several(*, students: Sequence[Student], by: User | None, at: datetime, **facts: Unpack[StudentFacts]) -> int:
    """Say the same of several students, or of none; gives back how many it was new for. Can be undone."""
    said = ngettext("%(n)s student changed", "%(n)s students changed", len(students)) % {"n": len(students)}
    changed = 0
    with bulk.recorded(kind="people.change", said=said, by=by, at=at) as ledger:
        ledger.changing(Student, [student.pk for student in students])
        # One order for everybody who changes several, so that two of them cannot wait for each other.
        for student in sorted(students, key=lambda student: student.pk):
            before = student.version
            changed += change_student(student=student, by=by, at=at, **facts).version != before
    return changed


@transaction.atomic
def end_student(*, student: Student, status: str, on: date, by: By, at: datetime) -> Student:
    """Note that a student left or graduated, with the last day."""
    if status not in (choices.StudentStatus.LEFT, choices.StudentStatus.GRADUATED):
        raise saving.wrong("status", _("Choose left or graduated."))
    return change_student(student=student, status=status, left_on=on, by=by, at=at)


def _save_student(student: Student) -> None:
    tidying.check_student(student)
    others = Student.objects.filter(admission_key=student.admission_key).exclude(pk=student.pk)
    taken_by = others.values_list("admission_number", flat=True).first()
    if taken_by is not None:
        raise saving.conflict("admission_number", _("Another student has this admission number."))
    saving.save(
        student, {"people_student_admission": ("admission_number", _("Another student has this admission number."))}
    )


def _save_under_next_number(student: Student, at: datetime) -> None:
    """Two who admit at once get two numbers: the constraint decides, and the second tries again."""
    for attempt in range(TRIES):
        student.admission_number = numbers.following(at)
        try:
            _save_student(student)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            return


@transaction.atomic
def note_export(*, rows: int, asked: str, by: By, at: datetime) -> None:
    """Note that a list of students left the school as a file."""
    audit.record("students.exported", by=by, at=at, changes={"rows": rows, "asked": asked[:300]})
