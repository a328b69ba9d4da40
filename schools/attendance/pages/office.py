"""The office's own codes of a day, beside what the teachers said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.academics import queries as academics
from schools.attendance import forms, lines, policies, queries, services, words
from schools.attendance.choices import Session
from schools.attendance.lines import Line
from schools.attendance.models import AttendanceMark
from schools.people import queries as people
from schools.people.models import Student

MOST_FOUND = 20


@dataclass(slots=True)
class Row:
    """One learner of the page: class, what the teacher said, what the office says."""

    student: Student
    class_name: str
    mark: AttendanceMark | None
    problem: str = ""

    @property
    def teacher(self) -> str:
        """What the teacher said, in words; empty when nothing."""
        if self.mark is None:
            return ""
        if not self.mark.by_office:
            return self.mark.words
        finer = self.mark.teacher_given
        return _(finer.name) if finer else str(self.mark.get_teacher_code_display())

    @property
    def office(self) -> AttendanceMark | None:
        """The mark, where it is the office's."""
        return self.mark if self.mark is not None and self.mark.by_office else None

    @property
    def code(self) -> str:
        """The office's code."""
        if self.office is None:
            return ""
        return self.office.given.code if self.office.given else self.office.code


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_rules)
def office(request: HttpRequest) -> HttpResponse:
    """Everybody who was not simply present on a day, and whom the office looks for; one save for all."""
    asked = request.POST if request.method == "POST" else request.GET
    day = words.day_of(asked.get("date", "")) or clock.today()
    session = forms.session_of(asked.get("session"))
    find = asked.get("find", "").strip()[:80]
    problems: Mapping[str, Sequence[str]] = {}
    message = ""
    if request.method == "POST":
        try:
            _save(request, day, session)
        except DomainError as error:
            problems, message = error.errors, error.message
        else:
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(_back(day, session))
    rows = _rows(request, day, session, find)
    for row in rows:
        row.problem = " ".join(problems.get(str(row.student.pk), ()))
    return render(
        request,
        "attendance/office.html",
        {
            "day": day,
            "session": session,
            "sessions": Session.choices,
            "find": find,
            "rows": rows,
            "message": message,
            "closed_words": words.closed(day),
            "codes": [one for one in queries.all_codes() if one.is_active],
            "reasons": queries.reasons(),
        },
        status=400 if message else 200,
    )


@require_POST
@allow(policies.may_set_rules)
def take_back(request: HttpRequest, mark_id: UUID) -> HttpResponse:
    """Let the teacher's code count again."""
    mark = AttendanceMark.objects.filter(pk=mark_id, by_office=True).select_related("register").first()
    if mark is None:
        raise NotFound(_("The office has no code here any more."))
    services.take_back(mark=mark, by=user_of(request), at=clock.now())
    messages.success(request, _("The teacher's code counts again."))
    return HttpResponseRedirect(_back(mark.register.date, mark.register.session))


def _save(request: HttpRequest, day: date, session: str) -> None:
    """Each class's lines in its own register, all or nothing."""
    said = forms.office_lines(request.POST)
    students = [pk for line in said if (pk := lines.identifier(line["student"])) is not None]
    inside = academics.enrolled_on(day).filter(student__in=students).select_related("school_class")
    classes = {str(one.student_id): one.school_class for one in inside}
    groups: dict[UUID, list[Line]] = {}
    for line in said:
        if line["student"] not in classes:
            wrong = _("Not at the school on this day.")
            raise DomainError(wrong, errors={str(line["student"]): [wrong]})
        groups.setdefault(classes[str(line["student"])].pk, []).append(line)
    by_id = {one.pk: one for one in classes.values()}
    with transaction.atomic():
        for class_id, group in groups.items():
            services.say(
                school_class=by_id[class_id], date=day, session=session, marks=group, by=user_of(request),
                at=clock.now(),
            )  # fmt: skip


def _rows(request: HttpRequest, day: date, session: str, find: str) -> list[Row]:
    marks = {m.student_id: m for m in queries.to_look_at(day, session)}
    found: dict[UUID, Student] = {mark.student_id: mark.student for mark in marks.values()}
    if find:
        seen = people.search_students(people.visible_to(user_of(request)), find)
        found = {student.pk: student for student in seen[:MOST_FOUND]}
        marks = {m.student_id: m for m in queries.marks_on(day, session, found)}
    inside = academics.enrolled_on(day).filter(student__in=found).select_related("school_class")
    names = {one.student_id: one.school_class.name for one in inside}
    rows = [Row(student, names[pk], marks.get(pk)) for pk, student in found.items() if pk in names]
    return sorted(rows, key=lambda row: (row.class_name, row.student.short_name))


def _back(day: date, session: str) -> str:
    return f"{reverse('attendance:office')}?date={day.isoformat()}&session={session}"
