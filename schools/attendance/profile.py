"""What attendance adds to students' pages: a column, a filter, a panel and a tab."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, ExpressionWrapper, F, FloatField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Expression
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import clock
from identity import roles
from identity.access import user_of
from identity.models import User
from schools.academics import queries as academics
from schools.attendance import queries, words
from schools.attendance.choices import Code
from schools.attendance.models import AttendanceMark
from schools.attendance.queries import Totals
from schools.people import directory
from schools.people.models import Student
from web import charts

LOW = 85
SEEN_BY = (roles.HEAD, roles.REGISTRAR, roles.TEACHER)
FAMILY = (roles.GUARDIAN, roles.STUDENT)


def register() -> None:
    """Called when the app is ready."""
    directory.column(
        directory.Column("attendance", gettext_lazy("Attendance"), _load, _cell, _plain, SEEN_BY, 60, "r c-att", _share)
    )
    directory.filter_by(
        directory.Filter("attendance", gettext_lazy("Attendance"), _choices, _apply, SEEN_BY, 60, chip=True)
    )
    directory.panel(directory.Panel("attendance", "attendance/panel.html", _panel, (*SEEN_BY, *FAMILY), 30, "side"))
    directory.tab(
        directory.Tab(
            "attendance",
            pgettext_lazy("tab", "Attendance"),
            "attendance/tab.html",
            _tab,
            (*SEEN_BY, *FAMILY),
            20,
        )
    )


def _load(student_ids: Sequence[UUID]) -> Mapping[UUID, Totals]:
    return queries.term_totals(student_ids, academics.current_term())


def _cell(totals: Totals | None) -> str:
    """The share with its thin bar; a word under it when it is low."""
    if totals is None or totals.percent is None:
        return format_html('<span class="muted">{}</span>', "–")
    share = round(totals.percent)
    bar = charts.mini_bar(share, tone=4 if share < LOW else 2)
    if share < LOW:
        return format_html('{}<b class="bad-t pc">{} %</b><small class="bad-t">{}</small>', bar, share, _("low"))
    return format_html('{}<span class="pc">{} %</span>', bar, share)


def _plain(totals: Totals | None) -> str:
    return "" if totals is None or totals.percent is None else str(totals.percent)


def _share() -> Expression:
    """The share of the term's roll calls at school, to sort by."""
    term = academics.current_term()
    marks = AttendanceMark.objects.filter(student=OuterRef("pk"))
    if term is not None:
        marks = marks.filter(register__date__gte=term.starts_on, register__date__lte=term.ends_on)
    shares = (
        marks.order_by()
        .values("student")
        .annotate(here=Count("pk", filter=Q(code__in=queries.HERE)), all=Count("pk"))
        .annotate(share=ExpressionWrapper(F("here") * 1.0 / F("all"), output_field=FloatField()))
        .values("share")
    )
    return ExpressionWrapper(Subquery(shares), output_field=FloatField())


def _choices(user: User) -> Sequence[directory.Choice]:
    return [directory.Choice("low", _("Below %(share)s %%") % {"share": LOW})]


def _apply(students: QuerySet[Student], values: Sequence[str]) -> QuerySet[Student]:
    return queries.below(students, LOW, academics.current_term()) if "low" in values else students


def _panel(request: HttpRequest, student: Student) -> dict[str, Any] | None:
    term = academics.current_term()
    totals = queries.term_totals([student.pk], term).get(student.pk, Totals())
    strip = words.strip(queries.week_strips([student.pk], clock.today())[student.pk])
    return {"term": term, "totals": totals, "days": strip["days"], "words": strip["words"]}


def _tab(request: HttpRequest, student: Student) -> dict[str, Any]:
    term = academics.current_term()
    if term is None:
        return {"term": None, "totals": Totals(), "weeks": [], "calendar_words": "", "away": []}
    today = clock.today()
    totals = queries.term_totals([student.pk], term).get(student.pk, Totals())
    codes = queries.days_of(student, term.starts_on, term.ends_on)
    school = set(academics.school_days(term.starts_on, term.ends_on))
    monday = term.starts_on - timedelta(days=term.starts_on.weekday())
    weeks: list[list[str | None]] = []
    while monday <= term.ends_on:
        days = [monday + timedelta(days=n) for n in range(5)]
        weeks.append([codes.get(day, "") if day in school or day in codes else None for day in days])
        monday += timedelta(days=7)
    away = (
        queries.marks_visible_to(user_of(request))
        .filter(student=student, register__date__gte=term.starts_on, register__date__lte=min(today, term.ends_on))
        .exclude(code=Code.PRESENT)
        .order_by("-register__date", "register__session")
    )
    said = _("%(term)s: %(absent)d absent, %(late)d late, %(excused)d excused") % {
        "term": term.name,
        "absent": totals.absent,
        "late": totals.late,
        "excused": totals.excused,
    }
    return {"term": term, "totals": totals, "weeks": weeks, "calendar_words": said, "away": list(away[:60])}
