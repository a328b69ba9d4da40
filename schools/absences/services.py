"""Asking for an absence, deciding on it, taking it back."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict, NotAllowed
from identity.models import User
from schools.absences import policies, queries
from schools.absences.choices import Part, State
from schools.absences.models import Absence
from schools.academics import queries as academics
from schools.attendance import services as attendance
from schools.attendance.choices import Code, Source
from schools.attendance.lines import Line
from schools.attendance.models import AbsenceReason, AttendanceCode, AttendanceMark
from schools.people.models import Student

BACK = timedelta(days=7)
AHEAD = timedelta(days=366)
LONGEST = timedelta(days=120)


@transaction.atomic
def ask(
    *,
    student: Student,
    starts_on: date,
    ends_on: date,
    part: str = Part.DAY,
    reason: AbsenceReason | None = None,
    why: str,
    by: User,
    at: datetime,
) -> Absence:
    """Ask for an absence of a student; what the office records is approved at once."""
    today = timezone.localdate(at)
    if ends_on < starts_on:
        raise saving.wrong("ends_on", _("The last day comes before the first."))
    if ends_on - starts_on > LONGEST:
        raise saving.wrong("ends_on", _("This is longer than a term. Speak with the school about it."))
    if not today - BACK <= starts_on <= today + AHEAD:
        raise saving.wrong("starts_on", _("Choose a day from a week ago to a year from now."))
    if not any(academics.school_days(starts_on, ends_on)):
        raise saving.wrong("starts_on", _("There is no school on these days."))
    Student.objects.lock(student.pk)
    if queries.between([student.pk], starts_on, ends_on).exists():
        message = _("An absence on these days is known already.")
        raise Conflict(message, errors={"starts_on": [message]})
    row = Absence(
        student=student, starts_on=starts_on, ends_on=ends_on, part=part, reason=reason, why=why.strip(), asked_by=by
    )
    saving.check(row, {})
    row.save()
    days = {"days": [None, f"{starts_on} – {ends_on}"]}
    audit.record("absence.asked", on=student, by=by, at=at, changes=days)
    return _approve(row, None, "", by=by, at=at) if policies.decides_at_once(by) else row


@transaction.atomic
def decide(
    *, absence: Absence, approve: bool, code: AttendanceCode | None = None, answer: str = "", by: User, at: datetime
) -> Absence:
    """Approve or refuse. Approved, it counts in registers that were taken of these days already."""
    row = Absence.objects.lock(absence.pk)
    if not policies.may_decide(by, row.student):
        raise NotAllowed(_("The office or the class teacher decides on this."))
    if not row.is_open:
        raise Conflict(_("This was answered meanwhile."))
    if code is not None and not code.future:
        raise saving.wrong("code", _("%(code)s cannot be planned ahead.") % {"code": code.name})
    if approve:
        return _approve(row, code, answer, by=by, at=at)
    row.state, row.answer, row.decided_by, row.decided_at = State.REFUSED, answer.strip()[:200], by, at
    row.save()
    audit.record("absence.refused", on=row.student, by=by, at=at, changes={"answer": [None, row.answer]})
    return row


@transaction.atomic
def withdraw(*, absence: Absence, by: User, at: datetime) -> Absence:
    """Take an absence back; what registers have said stays."""
    row = Absence.objects.lock(absence.pk)
    if not policies.may_withdraw(by, row):
        raise Conflict(_("This cannot be taken back any more. Ask the office."))
    before, row.state = row.state, State.WITHDRAWN
    row.save()
    audit.record("absence.withdrawn", on=row.student, by=by, at=at, changes={"state": [before, row.state]})
    return row


def _approve(row: Absence, code: AttendanceCode | None, answer: str, *, by: User, at: datetime) -> Absence:
    row.state, row.code, row.answer = State.APPROVED, code, answer.strip()[:200]
    row.decided_by, row.decided_at = by, at
    row.save()
    audit.record("absence.approved", on=row.student, by=by, at=at, changes={"answer": [None, row.answer]})
    _excuse(row, by=by, at=at)
    return row


def _excuse(row: Absence, *, by: User, at: datetime) -> None:
    """Put the leave on roll calls that said "absent" before it was known; the teacher's word stays beside it."""
    marks = AttendanceMark.objects.filter(
        student=row.student, register__date__gte=row.starts_on, register__date__lte=row.ends_on, code=Code.ABSENT,
        by_office=False,
    ).select_related("register__school_class")  # fmt: skip
    for mark in marks if row.part == Part.DAY else marks.filter(register__session=row.part):
        line: Line = {
            "student": row.student_id,
            "code": row.code.code if row.code else Code.EXCUSED,
            "reason": row.reason.code if row.reason and (not row.code or row.code.counts_as != Code.PRESENT) else None,
        }
        register = mark.register
        attendance.say(
            school_class=register.school_class, date=register.date, session=register.session, marks=[line], by=None,
            at=at, source=Source.NOTICE,
        )  # fmt: skip
