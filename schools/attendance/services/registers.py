"""Opening a register and marking it: what teachers say, all or nothing, the newest capture first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core.errors import Unprocessable
from identity.models import User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.attendance import lines, planned, writing
from schools.attendance.choices import Code, Session, Source
from schools.attendance.lines import InTheFuture, Line, NotASchoolDay, Outcome, SavedByAnother
from schools.attendance.models import AttendanceMark, Register


@transaction.atomic
def open_register(*, school_class: SchoolClass, date: date, session: str, by: User | None, at: datetime) -> Register:
    """The class's register of a day and session, made when it is the first; held locked for the transaction."""
    if session not in Session.values:
        raise Unprocessable(_("%(session)s is not a session of the day.") % {"session": session[:20]})
    if date > timezone.localdate(at):
        raise InTheFuture(_("A register cannot be taken before its day."))
    if not academics.is_school_day(date):
        raise NotASchoolDay(
            _("%(day)s is not a school day. Change the terms or holidays if it should be one.")
            % {"day": formats.date_format(date, "j F Y")}
        )
    register, made = Register.objects.get_or_create(school_class=school_class, date=date, session=session)
    if made:
        audit.record("register.opened", on=register, by=by, at=at)
    return Register.objects.lock(register.pk)


@transaction.atomic
def mark(
    *,
    register: Register,
    marks: Sequence[Line],
    by: User | None,
    at: datetime,
    seen: str | None = None,
    source: str = Source.PAGE,
) -> Outcome:
    """Write what is said of each student, all or nothing; the newest capture wins for each student.

    `seen` is the register's version that the writer looked at: a student whom somebody else has marked otherwise since
    then raises SavedByAnother. Saying the same again changes nothing. Where the office has spoken its code goes on to
    count, and what is said here is kept beside it.
    """
    register = Register.objects.lock(register.pk)
    known = writing.known(register, [lines.identifier(line["student"]) for line in marks])
    wanted = lines.checked(marks, known, register=register, by=by, at=at)
    held = writing.held(register, wanted)
    outcome = Outcome(register)
    changed: list[tuple[AttendanceMark, AttendanceMark | None]] = []
    late: list[AttendanceMark] = []
    for student_id, new in wanted.items():
        old = held.get(student_id)
        if old is not None and _same(old, new):
            outcome.unchanged += 1
        elif old is not None and _said_at(old) > new.marked_at:
            outcome.stale.append(old)
            late.append(new)
        else:
            changed.append((new, old))
    others = [old for _new, old in changed if old is not None and not old.by_office and not _is(old.marked_by, by)]
    if seen is not None and (theirs := [old for old in others if old.version > seen]):
        raise SavedByAnother(theirs)
    if changed:
        writing.write(register, [(_beside(new, old), old) for new, old in changed], known.roll, by=by, at=at)
        outcome.saved, outcome.replaced = len(changed), others
    writing.log([new for new, _old in changed], late, source)
    writing.settle(register, known.roll, by=by, at=at, touched=bool(changed))
    return outcome


@transaction.atomic
def mark_rest_present(*, register: Register, by: User | None, at: datetime, source: str = Source.PAGE) -> Outcome:
    """Mark everybody of whom the register says nothing yet: as it was planned for them, else present."""
    register = Register.objects.lock(register.pk)
    said = set(register.marks.values_list("student_id", flat=True))
    rest = [s.pk for s in academics.roll(register.school_class, register.date) if s.pk not in said]
    expected = planned.of(rest, register.date, register.session)
    return mark(register=register, marks=[_line(pk, expected.get(pk)) for pk in rest], by=by, at=at, source=source)


@transaction.atomic
def take(
    *,
    school_class: SchoolClass,
    date: date,
    session: str,
    marks: Sequence[Line],
    rest_present: bool = False,
    by: User | None,
    at: datetime,
    seen: str | None = None,
    source: str = Source.PAGE,
) -> Outcome:
    """One save of the register page: open it, mark what was said, and the rest present when that was asked for."""
    register = open_register(school_class=school_class, date=date, session=session, by=by, at=at)
    first = outcome = mark(register=register, marks=marks, by=by, at=at, seen=seen, source=source)
    if rest_present:
        rest = mark_rest_present(register=register, by=by, at=at, source=source)
        outcome = Outcome(rest.register, outcome.saved + rest.saved, outcome.unchanged + rest.unchanged)
        outcome.stale, outcome.replaced = first.stale, first.replaced
    return outcome


def _line(student_id: UUID, expected: planned.Planned | None) -> Line:
    if expected is None or not expected.fills:
        return {"student": student_id, "code": Code.PRESENT}
    return {"student": student_id, "code": expected.code, "reason": expected.reason or None}


def _same(old: AttendanceMark, new: AttendanceMark) -> bool:
    """Whether a teacher says again what already stands as said by teachers."""
    if old.by_office:
        return (old.teacher_code, old.teacher_given_id) == (new.code, new.given_id)
    return writing.said(old) == writing.said(new)


def _said_at(old: AttendanceMark) -> datetime:
    """When teachers last said something of a student; the office is never older than they are."""
    return old.teacher_at or datetime.min.replace(tzinfo=old.marked_at.tzinfo) if old.by_office else old.marked_at


def _beside(new: AttendanceMark, old: AttendanceMark | None) -> AttendanceMark:
    """The row to write: the new one, or the office's with the new one beside it."""
    if old is None or not old.by_office:
        return new
    facts: Mapping[str, Any] = {name: getattr(old, name) for name in writing.COUNTED}
    return AttendanceMark(
        register=new.register, student_id=new.student_id, **facts, teacher_code=new.code, teacher_given=new.given,
        teacher=new.marked_by, teacher_at=new.marked_at,
    )  # fmt: skip


def _is(one: User | None, other: User | None) -> bool:
    return one is not None and other is not None and one.pk == other.pk
