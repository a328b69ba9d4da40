"""What is noted of one student, and the same of several."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.details import answers, forms, policies, queries, services
from schools.details.models import Details
from schools.people import several
from schools.people.models import Student


def panel(request: HttpRequest, student: Student) -> dict[str, Any] | None:
    """House, previous school, tags and answers that this user may read."""
    user = user_of(request)
    details = queries.held([student.pk]).get(student.pk) or Details(student=student)
    lines = [
        (field.label, words)
        for field in queries.read_by(user)
        if (words := answers.said(field, details.answers.get(field.key)))
    ]
    tags = details.tags if policies.sees_tags(user) else []
    may_change = policies.may_change(user)
    if not (lines or tags or details.house or details.previous_school or may_change):
        return None
    return {"details": details, "lines": lines, "tags": tags, "student": student, "may_change_details": may_change}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what is noted of a student."""
    user = user_of(request)
    student = queries.student_for(user, pk)
    form = forms.DetailsForm(request.POST if request.method == "POST" else None, details=queries.details_of(student))
    if form.is_bound and form.is_valid():
        try:
            services.change(student=student, by=user, at=clock.now(), **form.facts())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:student", pk)
    around = {"form": form, "student": student, "tags": queries.tags()}
    return render(request, "details/edit.html", around, status=400 if form.is_bound else 200)


def refuse(form: forms.DetailsForm, error: DomainError) -> None:
    """Show a refusal at the fields it names, those of the school's own among them."""
    for name, said in error.errors.items():
        own = forms.PREFIX + name
        form.add_error(own if own in form.fields else name if name in form.fields else None, said)
    if not error.errors:
        form.add_error(None, error.message)


@require_POST
@allow(policies.may_change)
def house_several(request: HttpRequest) -> HttpResponse:
    """Put the chosen students into a house."""

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        n = services.house_several(students=students, by=user_of(request), at=clock.now(), **facts)
        return ngettext("%(n)s student changed", "%(n)s students changed", n) % {"n": n}, redirect("people:students")

    return several.ask(
        request, forms.HouseSeveralForm, title=_("House of several students"), act=act,
        button=lambda n: ngettext("Change %(n)s student", "Change %(n)s students", n) % {"n": n},
    )  # fmt: skip


@require_POST
@allow(policies.may_change)
def tag_several(request: HttpRequest) -> HttpResponse:
    """Give the chosen students tags, or take some away."""

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        n = services.tag_several(students=students, by=user_of(request), at=clock.now(), **facts)
        return ngettext("%(n)s student changed", "%(n)s students changed", n) % {"n": n}, redirect("people:students")

    return several.ask(
        request, forms.TagSeveralForm, title=_("Tags of several students"), act=act,
        button=lambda n: ngettext("Change %(n)s student", "Change %(n)s students", n) % {"n": n},
    )  # fmt: skip
