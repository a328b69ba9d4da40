"""What somebody says of each student, and what is wrong with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError, Unprocessable
from identity.models import Kind, User
from schools.attendance.choices import Code
from schools.attendance.models import AbsenceReason, AttendanceCode, AttendanceMark, Register
from schools.people.models import Student

MOST_MINUTES = 600


class Line(TypedDict):
    """What somebody says of one student: ids and codes, as every door hands them in; `at` when not now.

    `code` is any code of the school's list: P, A, L, E or a finer one.
    """

    student: UUID | str
    code: str
    reason: NotRequired[str | None]
    minutes_late: NotRequired[int | None]
    left_at: NotRequired[time | None]
    note: NotRequired[str]
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
                str(mark.student_id): [_("%(who)s: %(mark)s") % {"who": str(mark.marked_by or who), "mark": mark.words}]
                for mark in theirs
            },
        )
        self.theirs = list(theirs)


@dataclass(frozen=True, slots=True)
class Known:
    """What a line may name: who is on the roll, the school's reasons and codes, and what is planned for whom."""

    roll: Mapping[UUID, Student]
    reasons: Mapping[str, AbsenceReason]
    codes: Mapping[str, AttendanceCode]
    planned: Mapping[UUID, str] = field(default_factory=dict)
    held: Collection[tuple[UUID, UUID | None]] = ()

    def code(self, given: str) -> tuple[str, AttendanceCode | None]:
        """A code as what it counts as, and the finer code where it is one."""
        if given in Code.values:
            return given, None
        found = self.codes[given]
        return found.counts_as, found


def checked(
    marks: Sequence[Line], known: Known, *, register: Register, by: User | None, at: datetime
) -> dict[UUID, AttendanceMark]:
    """Each line as the row it asks for; raises MarksRefused with a sentence for each that cannot be."""
    rows: dict[UUID, AttendanceMark] = {}
    errors: dict[str, list[str]] = {}
    for line in marks:
        student_id = identifier(line["student"])
        problem = _problem(line, student_id, rows, known, by)
        if problem or student_id is None:
            errors.setdefault(str(line["student"])[:64], []).append(problem)
            continue
        code, given = known.code(line["code"])
        rows[student_id] = AttendanceMark(
            register=register,
            student_id=student_id,
            code=code,
            given=given,
            reason=known.reasons[reason] if (reason := line.get("reason")) else None,
            minutes_late=line.get("minutes_late"),
            left_at=line.get("left_at"),
            note=line.get("note", ""),
            teacher_code="",
            marked_by=by,
            marked_at=line.get("at", at),
        )
    if errors:
        raise MarksRefused(_("Nothing was saved: %(n)d to correct.") % {"n": len(errors)}, errors=errors)
    return rows


def _problem(
    line: Line, student_id: UUID | None, rows: Mapping[UUID, AttendanceMark], known: Known, by: User | None
) -> str:
    """Why a line cannot be taken, in a sentence; empty when it can."""
    if student_id is None or student_id not in known.roll:
        return _("Not in this class on this day.")
    if student_id in rows:
        return _("Marked twice in one save.")
    return _code_problem(line, student_id, known, by) or _detail_problem(line, known)


def _code_problem(line: Line, student_id: UUID, known: Known, by: User | None) -> str:
    code = line["code"]
    if code in Code.values:
        return ""
    found = known.codes.get(code)
    if found is None or not (found.is_active or (student_id, found.pk) in known.held):
        finer = (name for name, one in known.codes.items() if one.is_active and may_give(by, one))
        offered = ", ".join([*Code.values, *finer])
        return _("%(code)s is not a mark. Use one of: %(codes)s.") % {"code": str(code)[:20], "codes": offered}
    if may_give(by, found) or (student_id, found.pk) in known.held or known.planned.get(student_id) == code:
        return ""
    return _("%(code)s is given by the office.") % {"code": found.name}


def _detail_problem(line: Line, known: Known) -> str:
    counts_as, _given = known.code(line["code"])
    reason, minutes, left_at = line.get("reason"), line.get("minutes_late"), line.get("left_at")
    if reason and reason not in known.reasons:
        return _("%(reason)s is not one of the school's reasons.") % {"reason": str(reason)[:20]}
    if reason and counts_as == Code.PRESENT:
        return _("A reason belongs to absent, late or excused.")
    if minutes is not None and counts_as != Code.LATE:
        return _("Minutes belong to late.")
    if minutes is not None and (isinstance(minutes, bool) or not isinstance(minutes, int)):
        return _("Type the minutes as a whole number, 0 to %(most)d.") % {"most": MOST_MINUTES}
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        return _("%(n)s minutes is not possible. Type 0 to %(most)d.") % {"n": str(minutes)[:12], "most": MOST_MINUTES}
    if left_at is not None and counts_as not in (Code.PRESENT, Code.LATE):
        return _("Only who was here can have left.")
    return ""


def may_give(by: User | None, code: AttendanceCode) -> bool:
    """Whether somebody may give a code; what acts for the school by itself may."""
    return by is None or not code.roles or by.kind == Kind.SERVICE or by.has_role(*code.roles)


def identifier(value: Any) -> UUID | None:
    """A student's id; None for what is none."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None
