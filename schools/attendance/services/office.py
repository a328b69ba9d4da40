"""The office's own code beside the teacher's: it counts, and what the teacher said stays to be seen."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core.errors import NotFound
from identity.models import User
from schools.academics.models import SchoolClass
from schools.attendance import lines, writing
from schools.attendance.choices import Source
from schools.attendance.lines import Line
from schools.attendance.models import AttendanceMark, Register
from schools.attendance.services.registers import open_register
from schools.people.models import Student


@transaction.atomic
def say(
    *,
    school_class: SchoolClass,
    date: date,
    session: str,
    marks: Sequence[Line],
    by: User | None,
    at: datetime,
    source: str = Source.OFFICE,
) -> Register:
    """Put the office's code on students of a class, all or nothing; what the teacher said is kept beside it."""
    register = open_register(school_class=school_class, date=date, session=session, by=by, at=at)
    known = writing.known(register, [lines.identifier(line["student"]) for line in marks])
    wanted = lines.checked(marks, known, register=register, by=by, at=at)
    held = writing.held(register, wanted)
    changed: list[tuple[AttendanceMark, AttendanceMark | None]] = []
    for student_id, new in wanted.items():
        old = held.get(student_id)
        if old is not None and old.by_office and (writing.said(old), old.note) == (writing.said(new), new.note):
            continue
        new.by_office = True
        if old is not None:
            new.teacher_code = old.teacher_code if old.by_office else old.code
            new.teacher_given = old.teacher_given if old.by_office else old.given
            new.teacher = old.teacher if old.by_office else old.marked_by
            new.teacher_at = old.teacher_at if old.by_office else old.marked_at
        changed.append((new, old))
    if changed:
        writing.write(register, changed, known.roll, by=by, at=at, action="attendance.office_marked")
    writing.log([new for new, _old in changed], [], source)
    writing.settle(register, known.roll, by=by, at=at, touched=bool(changed))
    return register


@transaction.atomic
def take_back(*, mark: AttendanceMark, by: User | None, at: datetime) -> None:
    """Let the teacher's code count again; without one the student is unmarked."""
    register = Register.objects.lock(mark.register_id)
    row = writing.held(register, [mark.student_id]).get(mark.student_id)
    if row is None or not row.by_office:
        raise NotFound(_("The office has no code here any more."))
    student = Student.objects.get(pk=row.student_id)
    audit.record(
        "attendance.office_taken_back", on=student, by=by, at=at,
        changes={"register": str(register.pk), "mark": [row.code, row.teacher_code or None]},
    )  # fmt: skip
    if row.teacher_code:
        row.code, row.given, row.marked_by = row.teacher_code, row.teacher_given, row.teacher
        row.marked_at = row.teacher_at or row.marked_at
        row.reason = row.minutes_late = row.left_at = row.teacher_given = row.teacher = row.teacher_at = None
        row.teacher_code = row.note = ""
        row.by_office = False
        row.save()
    else:
        row.delete()
    roll = writing.known(register, []).roll
    writing.settle(register, roll, by=by, at=at, touched=True)
