"""What changes a register: opening it, marking it, and taking over totals from an earlier system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core.errors import Conflict, DomainError, Unprocessable
from identity.models import User
from schools.academics import queries as academics
from schools.academics.models import AcademicYear, SchoolClass
from schools.attendance.choices import Code, RegisterStatus, Session, Source
from schools.attendance.models import AbsenceReason, AttendanceLog, AttendanceMark, BroughtForward, Register
from schools.people.models import Student

MOST_MINUTES = 600


class Line(TypedDict):
    """What somebody says of one student: ids and codes, as every door hands them in; `at` when not now."""

    student: UUID | str
    code: str
    reason: NotRequired[str | None]
    minutes_late: NotRequired[int | None]
    at: NotRequired[datetime]


@dataclass(slots=True)
class Outcome:
    """What became of a save: how many rows were written, which were already so, which came too late,
    and which marks of somebody else they replaced.
    """

    register: Register
    saved: int = 0
    unchanged: int = 0
    stale: list[AttendanceMark] = field(default_factory=list)
    replaced: list[AttendanceMark] = field(default_factory=list)


class MarksRefused(DomainError):
    """At least one line cannot be taken; none was. `errors` is keyed by student id."""

    code = "marks_refused"


class NotASchoolDay(Unprocessable):
    """No register exists for a day without school."""

    code = "not_a_school_day"


class InTheFuture(Unprocessable):
    """A register is taken on its day or later."""

    code = "in_the_future"


class SavedByAnother(Conflict):
    """Somebody else marked some of the same students since the page was read; `theirs` are their marks."""

    code = "saved_by_another"

    def __init__(self, theirs: Sequence[AttendanceMark]) -> None:
        newest = max(theirs, key=lambda mark: mark.marked_at)
        who = str(newest.marked_by) if newest.marked_by else _("Somebody")
        when = formats.time_format(timezone.localtime(newest.marked_at), "H:i")
        super().__init__(
            _("%(who)s saved this register at %(when)s. Your marks differ for %(n)d. Check them, then save again.")
            % {"who": who, "when": when, "n": len(theirs)},
            errors={
                str(mark.student_id): [
                    _("%(who)s: %(mark)s") % {"who": str(mark.marked_by or who), "mark": mark.get_code_display()}
                ]
                for mark in theirs
            },
        )
        self.theirs = list(theirs)


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
    then raises SavedByAnother. Saying the same again changes nothing.
    """
    register = Register.objects.lock(register.pk)
    roll = {student.pk: student for student in academics.roll(register.school_class, register.date)}
    reasons = {reason.code: reason for reason in AbsenceReason.objects.all()}
    wanted = _checked(marks, roll, reasons, register=register, by=by, at=at)
    held = {m.student_id: m for m in register.marks.filter(student__in=wanted).select_related("reason", "marked_by")}
    outcome = Outcome(register)
    changed: list[tuple[AttendanceMark, AttendanceMark | None]] = []
    late: list[AttendanceMark] = []
    for student_id, new in wanted.items():
        old = held.get(student_id)
        if old is not None and _said(old) == _said(new):
            outcome.unchanged += 1
        elif old is not None and old.marked_at > new.marked_at:
            outcome.stale.append(old)
            late.append(new)
        else:
            changed.append((new, old))
    if seen is not None:
        theirs = [old for _new, old in changed if old is not None and old.version > seen and not _is(old.marked_by, by)]
        if theirs:
            raise SavedByAnother(theirs)
    if changed:
        _write(register, changed, roll, by=by, at=at)
        outcome.saved = len(changed)
        outcome.replaced = [old for _new, old in changed if old is not None and not _is(old.marked_by, by)]
    _log([new for new, _old in changed], late, source)
    _settle(register, roll, by=by, at=at, touched=bool(changed))
    return outcome


@transaction.atomic
def mark_rest_present(*, register: Register, by: User | None, at: datetime, source: str = Source.PAGE) -> Outcome:
    """Mark everybody present of whom the register says nothing yet."""
    register = Register.objects.lock(register.pk)
    said = set(register.marks.values_list("student_id", flat=True))
    rest: list[Line] = [
        {"student": student.pk, "code": Code.PRESENT}
        for student in academics.roll(register.school_class, register.date)
        if student.pk not in said
    ]
    return mark(register=register, marks=rest, by=by, at=at, source=source)


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


@transaction.atomic
def bring_forward(
    *, year: AcademicYear, absences: Mapping[Student, int], source: str, by: User | None, at: datetime
) -> int:
    """Take over each student's absences of a year from an earlier system, replacing older totals; gives how many."""
    wrong = {
        str(student.pk): [_("%(n)s is not a number of days. Type 0 to 366.") % {"n": days}]
        for student, days in absences.items()
        if not 0 <= days <= 366
    }
    if wrong:
        raise MarksRefused(_("Some totals cannot be taken over."), errors=wrong)
    held = {row.student_id: row for row in BroughtForward.objects.filter(year=year, student__in=list(absences))}
    rows: list[BroughtForward] = []
    acts: list[tuple[str, Any, dict[str, Any]]] = []
    for student, days in absences.items():
        old = held.get(student.pk)
        if old is not None and (old.absences, old.source) == (days, source):
            continue
        row = BroughtForward(student=student, year=year, absences=days, source=source)
        rows.append(row)
        before = old.absences if old else None
        acts.append(("attendance.brought_forward", student, {"absences": [before, days], "year": year.name}))
    BroughtForward.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["student", "year"],
        update_fields=["absences", "source", "updated_at"],
        batch_size=1000,
    )
    audit.record_many(acts, by=by, at=at)
    return len(rows)


@transaction.atomic
def take_back_brought_forward(*, year: AcademicYear, students: Iterable[Student], by: User | None, at: datetime) -> int:
    """Remove totals that were taken over, as when their import is undone."""
    rows = list(BroughtForward.objects.filter(year=year, student__in=list(students)).select_related("student"))
    audit.record_many(
        [
            ("attendance.brought_forward_removed", row.student, {"absences": [row.absences, None], "year": year.name})
            for row in rows
        ],
        by=by,
        at=at,
    )
    BroughtForward.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _checked(
    marks: Sequence[Line],
    roll: Mapping[UUID, Student],
    reasons: Mapping[str, AbsenceReason],
    *,
    register: Register,
    by: User | None,
    at: datetime,
) -> dict[UUID, AttendanceMark]:
    """Each line as the row it asks for; raises MarksRefused with a sentence for each that cannot be."""
    rows: dict[UUID, AttendanceMark] = {}
    errors: dict[str, list[str]] = {}
    for line in marks:
        student_id = _uuid(line["student"])
        problem = _problem(line, student_id, rows, roll, reasons)
        if problem or student_id is None:
            errors.setdefault(str(line["student"])[:64], []).append(problem)
            continue
        rows[student_id] = AttendanceMark(
            register=register,
            student_id=student_id,
            code=line["code"],
            reason=reasons[reason] if (reason := line.get("reason")) else None,
            minutes_late=line.get("minutes_late"),
            marked_by=by,
            marked_at=line.get("at", at),
        )
    if errors:
        raise MarksRefused(_("Nothing was saved: %(n)d to correct.") % {"n": len(errors)}, errors=errors)
    return rows


def _problem(
    line: Line,
    student_id: UUID | None,
    rows: Mapping[UUID, AttendanceMark],
    roll: Mapping[UUID, Student],
    reasons: Mapping[str, AbsenceReason],
) -> str:
    """Why a line cannot be taken, in a sentence; empty when it can."""
    code, reason, minutes = line["code"], line.get("reason"), line.get("minutes_late")
    if student_id is None or student_id not in roll:
        return _("Not in this class on this day.")
    if student_id in rows:
        return _("Marked twice in one save.")
    if code not in Code.values:
        return _("%(code)s is not a mark. Use P, A, L or E.") % {"code": str(code)[:20]}
    if reason and reason not in reasons:
        return _("%(reason)s is not one of the school's reasons.") % {"reason": str(reason)[:20]}
    if reason and code == Code.PRESENT:
        return _("A reason belongs to absent, late or excused.")
    if minutes is not None and code != Code.LATE:
        return _("Minutes belong to late.")
    if minutes is not None and (isinstance(minutes, bool) or not isinstance(minutes, int)):
        return _("Type the minutes as a whole number, 0 to %(most)d.") % {"most": MOST_MINUTES}
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        return _("%(n)s minutes is not possible. Type 0 to %(most)d.") % {"n": str(minutes)[:12], "most": MOST_MINUTES}
    return ""


def _write(
    register: Register,
    changed: Sequence[tuple[AttendanceMark, AttendanceMark | None]],
    roll: Mapping[UUID, Student],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Put the changed rows down in one statement, and one line of the trail for each."""
    AttendanceMark.objects.bulk_create(
        [new for new, _old in changed],
        update_conflicts=True,
        unique_fields=["register", "student"],
        update_fields=["code", "reason", "minutes_late", "marked_by", "marked_at", "updated_at"],
    )
    audit.record_many(
        [
            ("attendance.marked", roll[new.student_id], {"register": str(register.pk), **_difference(old, new)})
            for new, old in changed
        ],
        by=by,
        at=at,
    )


def _log(applied: Sequence[AttendanceMark], late: Sequence[AttendanceMark], source: str) -> None:
    """Keep what was said, and what came too late beside it."""
    AttendanceLog.objects.bulk_create(
        AttendanceLog(
            register=row.register,
            student_id=row.student_id,
            code=row.code,
            reason=row.reason,
            minutes_late=row.minutes_late,
            said_by=row.marked_by,
            captured_at=row.marked_at,
            source=source,
            applied=taken,
        )
        for rows, taken in ((applied, True), (late, False))
        for row in rows
    )


def _settle(register: Register, roll: Mapping[UUID, Student], *, by: User | None, at: datetime, touched: bool) -> None:
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


def _said(row: AttendanceMark) -> tuple[str, UUID | None, int | None]:
    return row.code, row.reason_id, row.minutes_late


def _difference(old: AttendanceMark | None, new: AttendanceMark) -> dict[str, list[Any]]:
    """Before and after of what changed, in the school's own words."""
    pairs: dict[str, list[Any]] = {
        "mark": [old.code if old else None, new.code],
        "reason": [old.reason.code if old and old.reason else None, new.reason.code if new.reason else None],
        "minutes_late": [old.minutes_late if old else None, new.minutes_late],
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _is(one: User | None, other: User | None) -> bool:
    return one is not None and other is not None and one.pk == other.pk


def _uuid(value: Any) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None
