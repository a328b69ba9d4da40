"""The register and what surrounds it, as pages."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity import roles
from identity.access import allow, user_of
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.attendance import charts, following, forms, policies, queries, services
from schools.attendance.choices import Code, Session
from schools.attendance.forms import RulesForm
from schools.attendance.models import AttendanceLog, AttendanceMark, Register, Rules
from schools.people.forms import refuse
from schools.people.models import Student

FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(slots=True)
class Row:
    """One learner of the register as the page shows them."""

    student: Student
    code: str = ""
    reason: str = ""
    minutes: str = ""
    note: str = ""
    problem: str = ""
    theirs: str = ""

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


@require_safe
@allow(policies.may_open_registers)
def day(request: HttpRequest) -> HttpResponse:
    """The registers of a day: a teacher's own classes, or the whole school with what is missing."""
    user = user_of(request)
    chosen = _date(request.GET.get("date", "")) or clock.today()
    session = forms.session_of(request.GET.get("session"))
    state = queries.count_day(chosen, session, queries.classes_visible_to(user))
    names, rows = charts.heat(state, lambda one: _address(one.class_id, chosen, session))
    return render(
        request,
        "attendance/day.html",
        {
            "state": state,
            "day": chosen,
            "session": session,
            "sessions": Session.choices,
            "is_today": chosen == clock.today(),
            "is_future": chosen > clock.today(),
            "is_school_day": academics.is_school_day(chosen),
            "whole_school": user.has_role(*roles.OFFICE),
            "heat_names": names,
            "heat_rows": rows,
            "first_missing": next(iter(state.missing), None),
            "classes": [(one, _address(one.class_id, chosen, session)) for one in state.classes if one.roll],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_open_registers)
def register(request: HttpRequest, class_id: UUID, day: date) -> HttpResponse:
    """The register of a class and day: a form that works without script, saved as a whole."""
    user = user_of(request)
    school_class = _class(request, class_id)
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
                marks=forms.lines(request.POST, held),
                rest_present="rest" in request.POST,
                by=user,
                at=clock.now(),
                seen=request.POST.get("version", "")[:40],
            )
        except DomainError as error:
            typed = Typed(
                request.POST.dict(),
                error.message,
                {key: " ".join(words) for key, words in error.errors.items()},
                error.status,
            )
            opened = queries.find(school_class, day, session)
            held = queries.marks_of(opened)
        else:
            return HttpResponseRedirect(_address(class_id, day, session))
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
    rows = [_row(student, held.get(student.pk), typed) for student in students]
    otherwise = queries.disagreements(opened)
    for row in rows:
        if row.student.pk in otherwise:
            row.note = _otherwise(otherwise[row.student.pk])
        elif row.student.pk in away:
            since = away[row.student.pk].since
            near = "D" if (day - since).days < 7 else "D j M"
            row.note = _("Away since %(day)s") % {"day": formats.date_format(since, near)}
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
            "other_url": _address(school_class.pk, day, other),
            "day_url": f"{reverse('attendance:day')}?date={day.isoformat()}",
            "rows": rows,
            "reasons": queries.reasons(),
            "usual_minutes": forms.USUAL_MINUTES,
            "version": opened.version if opened else "",
            "tally": {code: sum(1 for row in rows if row.code == code) for code in Code.values},
            "left": left,
            "saved": len(held),
            "complete": bool(rows) and len([s for s in students if s.pk in held]) == len(rows),
            "saved_by": str(newest.marked_by) if newest and newest.marked_by else "",
            "saved_time": _moment(newest) if newest else "",
            "typed": typed,
            "closed_words": _closed_words(day),
        },
        status=typed.status if typed else 200,
    )


@require_safe
@allow(policies.may_open_registers)
def history(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """A class's month: the share at school each day, each a way into that register."""
    school_class = _class(request, class_id)
    today = clock.today()
    first = _month(request.GET.get("month", "")) or today.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    session = forms.session_of(request.GET.get("session"))
    taken = queries.month(school_class, first, last, session)
    school_days = set(academics.school_days(first, last)) | set(taken)
    names, rows = charts.month(
        first, last, today, school_days, taken, lambda on: _address(school_class.pk, on, session)
    )
    here = sum(counts[0] for counts in taken.values())
    counted = sum(counts[1] for counts in taken.values())
    return render(
        request,
        "attendance/history.html",
        {
            "school_class": school_class,
            "month": first,
            "before": (first - timedelta(days=1)).replace(day=1),
            "after": last + timedelta(days=1) if last < today else None,
            "heat_names": names,
            "heat_rows": rows,
            "percent": queries.percent(here, counted),
            "complete": sum(1 for counts in taken.values() if counts[2]),
            "due": sum(1 for on in school_days if on <= today),
            "day_url": reverse("attendance:day"),
            "today_url": _address(school_class.pk, today, Session.MORNING),
            "can_take_today": academics.is_school_day(today),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_rules)
def rules(request: HttpRequest) -> HttpResponse:
    """How absences are followed up."""
    held = Rules.objects.order_by("created_at").first()
    form = RulesForm(request.POST if request.method == "POST" else None, instance=held)
    if form.is_bound and form.is_valid():
        try:
            following.change_rules(by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("attendance:day"))
    return render(request, "attendance/rules.html", {"form": form}, status=400 if form.is_bound else 200)


def _row(student: Student, mark: AttendanceMark | None, typed: Typed | None) -> Row:
    """What the page shows of a learner: what was typed when it was refused, else what is saved."""
    row = Row(student)
    if mark is not None:
        row.code = mark.code
        row.reason = mark.reason.code if mark.reason else ""
        row.minutes = str(mark.minutes_late) if mark.minutes_late is not None else ""
    if typed is not None:
        key = str(student.pk)
        said = typed.posted.get(f"mark-{key}", row.code)
        row.code = said if said in Code.values else row.code
        row.reason = typed.posted.get(f"reason-{key}", row.reason)
        row.minutes = forms.late(typed.posted, key)[:6] or row.minutes
        row.problem = typed.problems.get(key, "")
    return row


def _otherwise(said: AttendanceLog) -> str:
    """What another said of a learner, and when."""
    words = {
        "who": str(said.said_by or _("Somebody")),
        "mark": said.get_code_display(),
        "when": _clock(said.captured_at),
    }
    return _("%(who)s had said %(mark)s at %(when)s") % words


def _clock(moment: datetime) -> str:
    at = timezone.localtime(moment)
    return formats.date_format(at, "H:i" if at.date() == clock.today() else "j M, H:i")


def _moment(mark: AttendanceMark) -> str:
    """When something was saved: the time, and the day when it was another."""
    return _clock(mark.marked_at)


def _closed_words(day: date) -> str:
    """Why no register can be taken of a day; empty when one can."""
    if day > clock.today():
        return _("A register cannot be taken before its day.")
    if not academics.is_school_day(day):
        return _("%(day)s is not a school day.") % {"day": formats.date_format(day, "j F Y")}
    return ""


def _class(request: HttpRequest, class_id: UUID) -> SchoolClass:
    found = queries.classes_visible_to(user_of(request)).filter(pk=class_id).first()
    if found is None:
        raise NotFound(_("There is no such class among yours."))
    return found


def _address(class_id: UUID, day: date, session: str) -> str:
    address = reverse("attendance:register", kwargs={"class_id": class_id, "day": day})
    return address if session == Session.MORNING else f"{address}?session={session}"


def _date(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None


def _month(value: str) -> date | None:
    """The first day of `2026-06`; years that no school has are none."""
    return _date(f"{value}-01") if len(value) == 7 else None


def days_words(days: Sequence[queries.Day]) -> str:
    """A week in words, for those who do not see its squares."""
    said = [f"{formats.date_format(one.date, 'l')} {Code(one.code).label}" for one in days if one.code]
    return ", ".join(said) or _("Nothing marked this week")


def strip(days: Sequence[queries.Day]) -> dict[str, Any]:
    """A week for the `week` tag: short days, codes, which is today, and the words."""
    return {
        "days": [(formats.date_format(one.date, "D"), one.code, one.today) for one in days],
        "words": days_words(days),
    }
