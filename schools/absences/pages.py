"""Planned absences as pages: the list, the form that asks, one absence with its answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from identity import roles
from identity.access import allow, user_of
from schools.absences import forms, policies, queries, services
from schools.attendance import queries as attendance
from schools.people.forms import refuse
from schools.people.models import Student

SHOWN = 100


@require_safe
@allow(policies.may_read)
def index(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, what is to come, and what is over."""
    user, today = user_of(request), clock.today()
    rows = queries.visible_to(user)
    waiting = list(queries.to_decide(user)[:SHOWN])
    mine = [one.pk for one in waiting]
    children = list(queries.asks_for(user)) if user.has_role(roles.GUARDIAN) else []
    page = {
        "waiting": waiting,
        "coming": list(rows.filter(ends_on__gte=today).exclude(pk__in=mine).order_by("starts_on", "pk")[:SHOWN]),
        "over": list(rows.filter(ends_on__lt=today).exclude(pk__in=mine)[:20]),
        "children": children,
    }
    return render(request, "absences/list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_ask)
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for an absence of a child; the office records one."""
    user = user_of(request)
    student = _student(request, pk)
    form = forms.AskForm(
        request.POST if request.method == "POST" else None,
        initial={"starts_on": clock.today(), "ends_on": clock.today()},
    )
    if form.is_bound and form.is_valid():
        try:
            row = services.ask(student=student, by=user, at=clock.now(), **form.facts())
        except DomainError as error:
            refuse(form, error)
        else:
            said = _("Asked for. You read the answer here.") if row.is_open else _("Kept. Registers know it now.")
            messages.success(request, said)
            return redirect("absences:one", row.pk)
    page = {"form": form, "student": student, "decides": policies.decides_at_once(user)}
    return render(request, "absences/ask.html", page, status=400 if form.is_bound else 200)


@require_safe
@allow(policies.may_read)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One absence, with what was answered."""
    user = user_of(request)
    row = queries.absence_for(user, pk)
    page = {
        "absence": row,
        "may_decide": row.is_open and policies.may_decide(user, row.student),
        "may_withdraw": policies.may_withdraw(user, row),
        "codes": [code for code in attendance.codes() if code.future],
    }
    return render(request, "absences/one.html", page)


@require_POST
@allow(policies.may_read)
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve or refuse."""
    row = queries.absence_for(user_of(request), pk)
    if not policies.may_decide(user_of(request), row.student):
        raise NotAllowed(_("The office or the class teacher decides on this."))
    form = forms.DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose “Approve” or “Refuse”."))
        return redirect("absences:one", row.pk)
    services.decide(
        absence=row,
        approve=form.cleaned_data["do"] == "approve",
        code=form.chosen(),
        answer=form.cleaned_data["answer"],
        by=user_of(request),
        at=clock.now(),
    )
    messages.success(request, _("Answered."))
    return redirect("absences:list")


@require_POST
@allow(policies.may_read)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back."""
    row = queries.absence_for(user_of(request), pk)
    services.withdraw(absence=row, by=user_of(request), at=clock.now())
    messages.success(request, _("Taken back."))
    return redirect("absences:list")


def _student(request: HttpRequest, pk: UUID) -> Student:
    found = queries.asks_for(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such student among those you may ask for."))
    return found
