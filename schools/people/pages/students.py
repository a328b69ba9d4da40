"""The student list: on the page, on paper, as CSV; and the form that admits."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, scope
from core.errors import DomainError
from identity.access import allow, user_of
from identity.models import User
from schools.people import choices, directory, forms, numbers, policies, queries, services, several
from schools.people.listing import PAGE, StudentList
from schools.people.models import Student
from tenants import context
from web import chosen, csvfile

LONGEST_PRINT = 2000


@require_safe
@allow(policies.may_list_students)
def index(request: HttpRequest) -> HttpResponse:
    """The students that somebody sees, as the address asks; only the list itself for a request of htmx."""
    user = user_of(request)
    asked = StudentList(user, request.GET)
    page = Paginator(asked.found, PAGE).get_page(request.GET.get("page"))
    around = {
        "asked": asked,
        "page_obj": page,
        "rows": asked.rows(list(page)),
        "columns": asked.page_columns(),
        "acts": directory.acts_for(user, bulk=False),
        "bulk_acts": directory.acts_for(user, bulk=True),
        "may_change": policies.may_change_student(user),
    }
    around["chosen"], around["offered"] = asked.chips()
    around["selects"] = asked.selects()
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "people/students.html#found", around)
    around["meta"] = _headline(user)
    around["may_admit"] = policies.may_admit(user)
    return render(request, "people/students.html", around)


def _headline(user: User) -> str:
    here = queries.visible_to(user).filter(status=choices.StudentStatus.ENROLLED).count()
    said = ngettext("%(n)s enrolled", "%(n)s enrolled", here) % {"n": f"{here:,}"}
    return " · ".join([said, *map(str, directory.headlines(user))])


@require_safe
@allow(policies.may_list_students)
def on_paper(request: HttpRequest) -> HttpResponse:
    """The same list without pages, to be printed."""
    asked = StudentList(user_of(request), request.GET)
    students = list(asked.found[:LONGEST_PRINT])
    around = {"asked": asked, "rows": asked.rows(students), "columns": asked.page_columns(), "today": clock.today()}
    around["chosen"], _offered = asked.chips()
    return render(request, "people/students_print.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_export)
def export(request: HttpRequest) -> HttpResponse:
    """The same list as CSV, or the chosen rows of it; what leaves the school is noted."""
    user = user_of(request)
    asked = StudentList(user, request.GET)
    wanted = asked.found
    if request.method == "POST":
        wanted = wanted.filter(pk__in=chosen.ids(request))
    ids = list(wanted.values_list("pk", flat=True))
    services.note_export(rows=len(ids), asked=request.GET.urlencode(), by=user, at=clock.now())
    return cast(HttpResponse, csvfile.response(_("students"), asked.head(), _in_school(asked, ids)))


def _in_school(asked: StudentList, ids: Sequence[uuid.UUID]) -> Iterator[str]:
    """The batches, each written inside the school: a streamed answer is read after the request has left it."""
    school, language = scope.current_school(), translation.get_language()

    def pieces() -> Iterator[str]:
        batches = asked.batches(ids)
        while True:
            with context.in_school(school), translation.override(language):
                lines = next(batches, None)
            if lines is None:
                return
            yield csvfile.lines(lines)

    return pieces()


@require_POST
@allow(policies.may_change_student)
def change_several(request: HttpRequest) -> HttpResponse:
    """Say the same of the chosen students."""
    user = user_of(request)

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        n = services.change_several(students=students, by=user, at=clock.now(), **facts)
        return ngettext("%(n)s student changed", "%(n)s students changed", n) % {"n": n}, redirect("people:students")

    return several.ask(
        request,
        forms.SeveralForm,
        title=_("Change several students"),
        button=lambda n: ngettext("Change %(n)s student", "Change %(n)s students", n) % {"n": n},
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_admit)
def admit(request: HttpRequest) -> HttpResponse:
    """The admission form: the student, the first guardian, and what other domains add; all is saved or nothing."""
    user = user_of(request)
    data = request.POST if request.method == "POST" else None
    form = forms.StudentForm(data, initial={"admitted_on": clock.today()})
    numbers.offer(form, clock.now())
    guardian = forms.FirstGuardianForm(data, prefix="guardian")
    parts = [(part, part.form(data, part.key, user)) for part in directory.parts()]
    if data is not None:
        every: list[Any] = [form, guardian, *(other for _part, other in parts)]
        if all([one.is_valid() for one in every]):  # noqa: C419 - each is to show its own errors
            student = _admit(user, form, guardian, parts)
            if student is not None:
                messages.success(request, _("%(name)s is admitted") % {"name": student.full_name})
                return redirect("people:student", student.pk)
    around = {"form": form, "guardian": guardian, "parts": [other for _part, other in parts]}
    refused = data is not None
    return render(request, "people/admit.html", around, status=400 if refused else 200)


def _admit(
    user: User, form: forms.StudentForm, guardian: forms.FirstGuardianForm, parts: list[tuple[directory.Part, Any]]
) -> Student | None:
    at = clock.now()
    refusing: Any = form
    try:
        with transaction.atomic():
            student = services.admit(**form.facts(), by=user, at=at)
            refusing = guardian
            if guardian.cleaned_data["first_name"]:
                relationship = guardian.cleaned_data["relationship"] or choices.Relationship.GUARDIAN
                known = {name: guardian.cleaned_data[name] for name in ("first_name", "last_name", "phone")}
                found = services.find_or_add_guardian(**known, by=user, at=at)
                services.link(student=student, guardian=found, relationship=relationship, by=user, at=at)
            for part, other in parts:
                refusing = other
                part.save(student, other, user, at)
    except DomainError as error:
        forms.refuse(refusing, error)
        return None
    return student
