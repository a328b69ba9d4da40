"""Who is in which class, and until when."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import recording as audit
from core import saving
from core.errors import Conflict
from identity.models import User
from schools.academics import choices, queries
from schools.academics.models import (
    Enrolment,
    SchoolClass,
)
from schools.bulk import services as bulk
from schools.bulk.ledger import Ledger
from schools.people import services as people
from schools.people.choices import StudentStatus
from schools.people.models import Student

By = audit.Actor | None


class ClassFull(Conflict):
    """No place is left in the class."""

    code = "class_full"

    def __init__(self, school_class: SchoolClass) -> None:
        message = _("%(name)s is full: %(n)s places.") % {"name": school_class.name, "n": school_class.capacity}
        super().__init__(message, errors={"school_class": [message]})


class AlreadyEnrolled(Conflict):
    """The student is in a class now."""

    code = "already_enrolled"

    def __init__(self, enrolment: Enrolment) -> None:
        message = _("%(student)s is in %(name)s: move instead of enrolling.") % {
            "student": enrolment.student.full_name,
            "name": enrolment.school_class.name,
        }
        super().__init__(message, errors={"student": [message]})


class NotEnrolled(Conflict):
    """The student is in no class now."""

    code = "not_enrolled"

    def __init__(self, student: Student) -> None:
        message = _("%(student)s is in no class now.") % {"student": student.full_name}
        super().__init__(message, errors={"student": [message]})


@transaction.atomic
def enrol(
    *,
    student: Student,
    school_class: SchoolClass,
    on: date,
    by: By,
    at: datetime,
    entry_code: str = choices.EntryCode.NEW,
) -> Enrolment:
    """Place a student in a class from a day on; raises ClassFull, AlreadyEnrolled."""
    student = Student.objects.lock(student.pk)
    school_class = SchoolClass.objects.lock(school_class.pk)
    present = _open_of(student)
    if present is not None:
        raise AlreadyEnrolled(present)
    enrolment = _place(student, school_class, on, entry_code)
    if student.status in (StudentStatus.LEFT, StudentStatus.GRADUATED):
        people.change_student(student=student, status=StudentStatus.ENROLLED, left_on=None, by=by, at=at)
    audit.record("enrolment.created", on=student, by=by, at=at, changes={"class": [None, school_class.name], "on": on})
    return enrolment


@transaction.atomic
def move(*, student: Student, school_class: SchoolClass, on: date, by: By, at: datetime) -> Enrolment:
    """Move a student to another class from a day on; the day before is the last in the old one.

    A move on the very day of joining corrects the enrolment instead of leaving one of no day behind.
    """
    student = Student.objects.lock(student.pk)
    present = _open_of(student)
    if present is None:
        raise NotEnrolled(student)
    if present.school_class_id == school_class.pk:
        raise saving.wrong("school_class", _("%(name)s is the class now.") % {"name": school_class.name})
    school_class = SchoolClass.objects.lock(school_class.pk)
    before = present.school_class.name
    if on < present.starts_on:
        raise saving.wrong("on", _("The student joined the class on %(day)s.") % {"day": present.starts_on})
    if on == present.starts_on:
        _check_place(school_class, on)
        present.school_class = school_class
        present.save()
        enrolment = present
    else:
        _end(present, on - timedelta(days=1), choices.ExitCode.MOVED)
        enrolment = _place(student, school_class, on, choices.EntryCode.MOVED)
    said = {"class": [before, school_class.name], "on": on}
    audit.record("enrolment.moved", on=student, by=by, at=at, changes=said)
    return enrolment


@transaction.atomic
def move_all(*, students: Sequence[Student], school_class: SchoolClass, on: date, by: User | None, at: datetime) -> int:
    """Move several students to one class, or none; those who are there stay, those in no class are enrolled.

    Gives back how many moved. Can be undone.
    """
    said = ngettext("%(n)s student moved to %(name)s", "%(n)s students moved to %(name)s", len(students))
    words = {"n": len(students), "name": school_class.name}
    moved = 0
    with bulk.recorded(kind="academics.move", said=said % words, by=by, at=at) as ledger:
        _note(ledger, students)
        # One order for everybody who moves several, so that two of them cannot wait for each other.
        for student in sorted(students, key=lambda student: student.pk):
            present = _open_of(student)
            if present is not None and present.school_class_id == school_class.pk:
                continue
            act = enrol if present is None else move
            row = act(student=student, school_class=school_class, on=on, by=by, at=at)
            if present is None or row.pk != present.pk:
                ledger.created(Enrolment, [row.pk])
            moved += 1
    return moved


@transaction.atomic
def leave_all(*, students: Sequence[Student], on: date, exit_code: str, by: User | None, at: datetime) -> int:
    """Note that several students leave, or none of them; gives back how many. Can be undone."""
    said = ngettext("%(n)s student left", "%(n)s students left", len(students)) % {"n": len(students)}
    with bulk.recorded(kind="academics.leave", said=said, by=by, at=at) as ledger:
        _note(ledger, students)
        for student in sorted(students, key=lambda student: student.pk):
            leave(student=student, on=on, exit_code=exit_code, by=by, at=at)
    return len(students)


def _note(ledger: Ledger, students: Sequence[Student]) -> None:
    """How the students and their present classes stand, before they are changed."""
    ledger.changing(Student, [student.pk for student in students])
    present = Enrolment.objects.filter(student__in=students, ends_on=None)
    ledger.changing(Enrolment, list(present.values_list("pk", flat=True)))


@transaction.atomic
def leave(*, student: Student, on: date, exit_code: str, by: By, at: datetime) -> Enrolment:
    """End a student's time in the class, `on` being the last day; those who leave the school are marked so."""
    student = Student.objects.lock(student.pk)
    present = _open_of(student)
    if present is None:
        raise NotEnrolled(student)
    if exit_code not in choices.ExitCode.values:
        raise saving.wrong("exit_code", _("Choose why the student leaves."))
    if on < present.starts_on:
        raise saving.wrong("on", _("The student joined the class on %(day)s.") % {"day": present.starts_on})
    _end(present, on, exit_code)
    said = {"class": [present.school_class.name, None], "on": on, "why": exit_code}
    audit.record("enrolment.ended", on=student, by=by, at=at, changes=said)
    if exit_code == choices.ExitCode.GRADUATED:
        people.end_student(student=student, status=StudentStatus.GRADUATED, on=on, by=by, at=at)
    elif exit_code in (choices.ExitCode.LEFT, choices.ExitCode.TRANSFER_OUT):
        people.end_student(student=student, status=StudentStatus.LEFT, on=on, by=by, at=at)
    return present


def _open_of(student: Student) -> Enrolment | None:
    return Enrolment.objects.select_related("school_class", "student").filter(student=student, ends_on=None).first()


def _check_place(school_class: SchoolClass, on: date) -> None:
    """The class is locked by the caller, so that two cannot take its last place."""
    year = school_class.year
    if not year.starts_on <= on <= year.ends_on:
        raise saving.wrong("on", _("%(day)s lies outside the class's year %(year)s.") % {"day": on, "year": year.name})
    if school_class.capacity is not None and queries.inside(school_class).count() >= school_class.capacity:
        raise ClassFull(school_class)


def _place(student: Student, school_class: SchoolClass, on: date, entry_code: str) -> Enrolment:
    _check_place(school_class, on)
    last = Enrolment.objects.filter(student=student, ends_on__gte=on).first()
    if last is not None:
        message = _("The student was in %(name)s until %(day)s.") % {
            "name": last.school_class.name,
            "day": last.ends_on,
        }
        raise saving.wrong("on", message)
    row = Enrolment(student=student, school_class=school_class, starts_on=on, entry_code=entry_code)
    saving.check(row, {})
    saving.save(row, {"academics_enrolment_one_open": ("student", _("The student is in a class already."))})
    return row


def _end(enrolment: Enrolment, on: date, exit_code: str) -> None:
    enrolment.ends_on, enrolment.exit_code = on, exit_code
    enrolment.save()
