"""Who moves to another class, joins a group or leaves."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from identity.models import User
from schools.academics import forms, policies, queries, services
from schools.academics.pages import drawing
from schools.people import queries as people
from schools.people import several
from schools.people.forms import refuse
from schools.people.models import Student


def _student_for(user: User, pk: uuid.UUID) -> Student:
    found = people.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_enrol)
def move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Move one student to another class, or enrol who is in none."""
    user = user_of(request)
    student = _student_for(user, pk)
    form = forms.MoveForm(request.POST if request.method == "POST" else None)
    present = queries.open_classes([student.pk]).get(student.pk)
    if request.method == "POST" and form.is_valid():
        try:
            act = services.move if present else services.enrol
            act(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            words = {"student": student.short_name, "name": form.cleaned_data["school_class"].name}
            messages.success(request, _("%(student)s is in %(name)s") % words)
            return redirect("people:student", pk)
    now = present.name if present else _("in no class now")
    return drawing.form_page(
        request,
        form,
        _("Move %(name)s") % {"name": student.short_name},
        _("Move to the class"),
        reverse("people:student", args=[pk]),
        meta=now,
        section=student.short_name,
        leave_url=reverse("academics:leave", args=[pk]) if present else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_enrol)
def leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that a student leaves the school."""
    user = user_of(request)
    student = _student_for(user, pk)
    form = forms.LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.leave(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(name)s has left") % {"name": student.short_name})
            return redirect("people:student", pk)
    back = reverse("people:student", args=[pk])
    title = _("%(name)s leaves the school") % {"name": student.short_name}
    return drawing.form_page(request, form, title, _("Note the leaving"), back, section=student.short_name)


@require_POST
@allow(policies.may_enrol)
def moves(request: HttpRequest) -> HttpResponse:
    """Move the chosen students to one class."""
    user = user_of(request)

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        n = services.move_all(students=students, by=user, at=clock.now(), **facts)
        said = ngettext("%(n)s student moved to %(name)s", "%(n)s students moved to %(name)s", n)
        to = facts["school_class"]
        return said % {"n": n, "name": to.name}, redirect("academics:class", to.pk)

    return several.ask(
        request,
        forms.MoveForm,
        title=_("Move class"),
        button=lambda n: ngettext("Move %(n)s student", "Move %(n)s students", n) % {"n": n},
        act=act,
    )


@require_POST
@allow(policies.may_enrol)
def leave_all(request: HttpRequest) -> HttpResponse:
    """Note that the chosen students leave the school."""
    user = user_of(request)

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        n = services.leave_all(students=students, by=user, at=clock.now(), **facts)
        return ngettext("%(n)s student left", "%(n)s students left", n) % {"n": n}, redirect("people:students")

    return several.ask(
        request,
        forms.LeaveForm,
        title=_("Leave the school"),
        button=lambda n: ngettext("Note that %(n)s student leaves", "Note that %(n)s students leave", n) % {"n": n},
        act=act,
    )


@require_POST
@allow(policies.may_change_classes)
def join(request: HttpRequest) -> HttpResponse:
    """Add the chosen students to a teaching group."""
    user = user_of(request)

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        group = facts["group"]
        n = services.join_group(students=students, group=group, by=user, at=clock.now())
        said = ngettext("%(n)s student joined %(name)s", "%(n)s students joined %(name)s", n)
        return said % {"n": n, "name": group.name}, redirect("academics:group", group.pk)

    return several.ask(
        request,
        forms.JoinForm,
        title=_("Join a teaching group"),
        button=lambda n: ngettext("Add %(n)s student", "Add %(n)s students", n) % {"n": n},
        act=act,
    )
