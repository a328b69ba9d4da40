"""Putting rows of a register down: the marks in one statement, the log of what was said, the register's own state."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from audit import recording as audit
from identity.models import User
from schools.academics import queries as academics
from schools.attendance import planned
from schools.attendance.choices import Code, RegisterStatus
from schools.attendance.lines import Known
from schools.attendance.models import AbsenceReason, AttendanceCode, AttendanceLog, AttendanceMark, Register
from schools.people.models import Student

COUNTED = ("code", "given", "reason", "minutes_late", "left_at", "marked_by", "marked_at", "by_office", "note")
BESIDE = ("teacher_code", "teacher_given", "teacher", "teacher_at")


def known(register: Register, student_ids: Iterable[UUID | None]) -> Known:
    """What lines of this register may name."""
    students = [pk for pk in student_ids if pk is not None]
    finer = Q(given__isnull=False) | Q(teacher_given__isnull=False)
    rows = register.marks.filter(finer).values_list("student", "given", "teacher_given")
    expected = planned.of(students, register.date, register.session)
    return Known(
        roll={student.pk: student for student in academics.roll(register.school_class, register.date)},
        reasons={reason.code: reason for reason in AbsenceReason.objects.all()},
        codes={one.code: one for one in AttendanceCode.objects.exclude(code__in=Code.values)},
        planned={pk: one.code for pk, one in expected.items()},
        held={(student, given) for student, *both in rows for given in both},
    )


def held(register: Register, student_ids: Collection[UUID]) -> dict[UUID, AttendanceMark]:
    """What the register says of these students."""
    marks = register.marks.filter(student__in=student_ids)
    return {m.student_id: m for m in marks.select_related("reason", "marked_by", "given", "teacher_given", "teacher")}


def said(row: AttendanceMark) -> tuple[Any, ...]:
    """What a mark says, to compare."""
    return row.code, row.given_id, row.reason_id, row.minutes_late, row.left_at


def write(
    register: Register,
    changed: Sequence[tuple[AttendanceMark, AttendanceMark | None]],
    roll: Mapping[UUID, Student],
    *,
    by: User | None,
    at: datetime,
    action: str = "attendance.marked",
) -> None:
    """Put the changed rows down in one statement, and one line of the trail for each."""
    AttendanceMark.objects.bulk_create(
        [new for new, _old in changed],
        update_conflicts=True,
        unique_fields=["register", "student"],
        update_fields=[*COUNTED, *BESIDE, "updated_at"],
    )
    audit.record_many(
        [
            (action, roll[new.student_id], {"register": str(register.pk), **_difference(old, new)})
            for new, old in changed
        ],
        by=by,
        at=at,
    )


def log(applied: Sequence[AttendanceMark], late: Sequence[AttendanceMark], source: str) -> None:
    """Keep what was said, and what came too late beside it."""
    AttendanceLog.objects.bulk_create(
        AttendanceLog(
            register=row.register,
            student_id=row.student_id,
            code=row.code,
            given=row.given,
            reason=row.reason,
            minutes_late=row.minutes_late,
            left_at=row.left_at,
            said_by=row.marked_by,
            captured_at=row.marked_at,
            source=source,
            applied=taken,
        )
        for rows, taken in ((applied, True), (late, False))
        for row in rows
    )


def settle(register: Register, roll: Mapping[UUID, Student], *, by: User | None, at: datetime, touched: bool) -> None:
    """Call the register taken once nobody on the roll is unmarked, and give it a new version when it changed."""
    left = set(roll) - set(register.marks.values_list("student_id", flat=True))
    if roll and not left and register.status != RegisterStatus.TAKEN:
        register.status, register.taken_by, register.taken_at = RegisterStatus.TAKEN, by, at
        register.save(update_fields=["status", "taken_by", "taken_at", "updated_at"])
        audit.record("register.taken", on=register, by=by, at=at, changes={"roll": len(roll)})
    elif left and register.status == RegisterStatus.TAKEN:
        register.status = RegisterStatus.OPEN
        register.save(update_fields=["status", "updated_at"])
        audit.record("register.reopened", on=register, by=by, at=at, changes={"left": len(left)})
    elif touched:
        register.save(update_fields=["updated_at"])


def _difference(old: AttendanceMark | None, new: AttendanceMark) -> dict[str, list[Any]]:
    """Before and after of what changed, in the school's own words."""
    before, after = _facts(old), _facts(new)
    pairs = {name: [before.get(name), value] for name, value in after.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _facts(row: AttendanceMark | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "mark": row.given.code if row.given else row.code,
        "reason": row.reason.code if row.reason else None,
        "minutes_late": row.minutes_late,
        "left_at": f"{row.left_at:%H:%M}" if row.left_at else None,
        "teacher_mark": (row.teacher_given.code if row.teacher_given else row.teacher_code) or None,
    }
