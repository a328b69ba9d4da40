"""The register of a class and day, as a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.attendance import forms, planned, policies, queries, services, words
from schools.attendance.choices import Code, Session
from schools.attendance.models import AttendanceLog, AttendanceMark, Register
from schools.attendance.planned import Planned
from schools.people.models import Student


@dataclass(slots=True)
class Row:
    """One learner of the register as the page shows them."""

    student: Student
    code: str = ""
    reason: str = ""
    minutes: str = ""
    note: str = ""
    problem: str = ""
    finer: str = ""
    finer_of: str = ""
    new: bool = False

    @property
    def chip(self) -> int | None:
        """The usual number of minutes that this row has, None when it is another."""
        return next((usual for usual in forms.USUAL_MINUTES if self.minutes == str(usual)), None)


@dataclass(slots=True)
class Typed:
    """What was handed in and not taken, to be shown again."""

    posted: Mapping[str, str]
    message: str
    problems: Mapping[str, str] = field(default_factory=dict)
    status: int = 400


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_open_registers)
def register(request: HttpRequest, class_id: UUID, day: date) -> HttpResponse:
    """The register of a class and day: a form that works without script, saved as a whole."""
    user = user_of(request)
    school_class = words.class_of(request, class_id)
    session = forms.session_of(request.POST.get("session") or request.GET.get("session"))
    opened = queries.find(school_class, day, session)
    held = queries.marks_of(opened)
    typed: Typed | None = None
    if request.method == "POST":
        try:
            services.take(
                school_class=school_class,
                date=day,
                session=session,
                marks=forms.lines(request.POST, held, {one.code: one.counts_as for one in queries.codes()}),
                rest_present="rest" in request.POST,
                by=user,
                at=clock.now(),
                seen=request.POST.get("version", "")[:40],
            )
        except DomainError as error:
            typed = Typed(
                request.POST.dict(),
                error.message,
                {key: " ".join(said) for key, said in error.errors.items()},
                error.status,
            )
            opened = queries.find(school_class, day, session)
            held = queries.marks_of(opened)
        else:
            return HttpResponseRedirect(words.address(class_id, day, session))
    return _register_page(request, school_class, day, session, opened, held, typed)


def _register_page(
    request: HttpRequest,
    school_class: SchoolClass,
    day: date,
    session: str,
    opened: Register | None,
    held: Mapping[UUID, AttendanceMark],
    typed: Typed | None,
) -> HttpResponse:
    students = list(academics.roll(school_class, day))
    away = {run.student.pk: run for run in queries.runs([s.pk for s in students], day - timedelta(days=1), least=2)}
    expected = planned.of([s.pk for s in students if s.pk not in held], day, session)
    rows = [_row(student, held.get(student.pk), expected.get(student.pk), typed) for student in students]
    otherwise = queries.disagreements(opened)
    for row in rows:
        if row.note:
            continue
        if row.student.pk in otherwise:
            row.note = _otherwise(otherwise[row.student.pk])
        elif row.student.pk in away:
            since = away[row.student.pk].since
            near = "D" if (day - since).days < 7 else "D j M"
            row.note = _("Away since %(day)s") % {"day": formats.date_format(since, near)}
    finer = [one for one in queries.codes(user_of(request)) if one.counts_as != Code.PRESENT]
    newest = max(held.values(), key=lambda mark: mark.marked_at, default=None)
    left = sum(1 for row in rows if not row.code)
    other = Session.AFTERNOON if session == Session.MORNING else Session.MORNING
    return render(
        request,
        "attendance/register.html",
        {
            "school_class": school_class,
            "day": day,
            "session": session,
            "session_name": Session(session).label,
            "other_session": other,
            "other_url": words.address(school_class.pk, day, other),
            "day_url": f"{reverse('attendance:day')}?date={day.isoformat()}",
            "rows": rows,
            "reasons": queries.reasons(),
            "finer": finer,
            "finer_for": " ".join(sorted({one.counts_as for one in finer})),
            "finer_codes": [one.code for one in finer],
            "usual_minutes": forms.USUAL_MINUTES,
            "version": opened.version if opened else "",
            "tally": {code: sum(1 for row in rows if row.code == code) for code in Code.values},
            "left": left,
            "saved": len(held),
            "complete": bool(rows) and len([s for s in students if s.pk in held]) == len(rows),
            "saved_by": str(newest.marked_by) if newest and newest.marked_by else "",
            "saved_time": words.moment(newest.marked_at) if newest else "",
            "typed": typed,
            "closed_words": words.closed(day),
        },
        status=typed.status if typed else 200,
    )


def _row(student: Student, mark: AttendanceMark | None, expected: Planned | None, typed: Typed | None) -> Row:
    """What the page shows of a learner: what was typed and refused, else what is saved, else what is planned."""
    row = Row(student)
    if mark is not None:
        _say(row, mark)
    elif expected is not None:
        row.note = expected.words
        if expected.fills:
            row.code, row.reason, row.new = expected.counts_as, expected.reason, True
            row.finer, row.finer_of = _finer(expected.code), expected.counts_as
    if typed is not None:
        key = str(student.pk)
        said = typed.posted.get(f"mark-{key}", row.code)
        row.code = said if said in Code.values else row.code
        row.reason = typed.posted.get(f"reason-{key}", row.reason)
        row.minutes = forms.late(typed.posted, key)[:6] or row.minutes
        row.problem = typed.problems.get(key, "")
    return row


def _say(row: Row, mark: AttendanceMark) -> None:
    """The teacher's side of a mark; where the office has spoken a note says so."""
    beside = mark.by_office and mark.teacher_code
    finer = mark.teacher_given if beside else mark.given
    row.code = mark.teacher_code if beside else mark.code
    row.finer, row.finer_of = (finer.code, finer.counts_as) if finer else ("", "")
    if not beside:
        row.reason = mark.reason.code if mark.reason else ""
        row.minutes = str(mark.minutes_late) if mark.minutes_late is not None else ""
    if mark.by_office:
        facts = {"mark": mark.words, "when": words.moment(mark.marked_at)}
        row.note = _("The office has said %(mark)s at %(when)s; that counts") % facts


def _finer(code: str) -> str:
    return "" if code in Code.values else code


def _otherwise(said: AttendanceLog) -> str:
    """What another said of a learner, and when."""
    facts = {
        "who": str(said.said_by or _("Somebody")),
        "mark": said.get_code_display(),
        "when": words.moment(said.captured_at),
    }
    return _("%(who)s had said %(mark)s at %(when)s") % facts
