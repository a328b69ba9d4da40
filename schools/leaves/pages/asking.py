"""One's own leave, the form that asks, and one leave with its decision."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.leaves import forms, policies, queries, services
from schools.people import queries as people
from schools.people.forms import refuse


@require_safe
@allow(policies.may_ask)
def mine(request: HttpRequest) -> HttpResponse:
    """What is left, and one's own requests."""
    user = user_of(request)
    staff = people.staff_of(user)
    page = {
        "staff": staff,
        "balances": queries.balances(staff, clock.today().year) if staff else [],
        "leaves": list(queries.visible_to(user).filter(staff=staff)[:50]) if staff else [],
        "waiting": list(queries.waiting(user)[:50]),
        "may_decide": policies.may_decide(user),
        "may_shape": policies.may_shape(user),
        "today": clock.today(),
    }
    return render(request, "leaves/mine.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_ask)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for leave; the office also for somebody else."""
    user = user_of(request)
    own, office = people.staff_of(user), policies.may_decide(user)
    form = forms.AskForm(request.POST if request.method == "POST" else None, for_others=office)
    if form.is_bound and form.is_valid():
        staff = form.chosen_staff() or own
        if staff is None:
            form.add_error(None, _("No record of staff belongs to your account. Ask the office to tie it to you."))
        else:
            try:
                leave = services.ask(staff=staff, by=user, at=clock.now(), **form.cleaned_data)
            except DomainError as error:
                refuse(form, error)
            else:
                messages.success(request, _("Asked for. You read the answer here."))
                return redirect("leaves:leave", leave.pk)
    balances = queries.balances(own, clock.today().year) if own else []
    page = {"form": form, "balances": balances}
    return render(request, "leaves/ask.html", page, status=400 if form.is_bound else 200)


@require_safe
@allow(policies.may_ask)
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One leave, and what may be done with it."""
    return _leave(request, pk)


def _leave(request: HttpRequest, pk: UUID, problem: str = "") -> HttpResponse:
    user = user_of(request)
    found = queries.leave_for(user, pk)
    year = found.starts_on.year
    balance = next((b for b in queries.balances(found.staff, year) if b.type.pk == found.type_id), None)
    others = queries.between(found.starts_on, found.ends_on).exclude(staff=found.staff)
    page = {
        "leave": found, "balance": balance, "problem": problem, "own": found.staff.user_id == user.pk,
        "others": list(others[:20]) if policies.may_decide(user) else [],
        "may_decide": found.state == "asked" and policies.may_decide_on(user, found),
        "may_cancel": found.state in queries.TAKEN
        and (policies.may_decide(user) or found.starts_on > clock.today()),
    }  # fmt: skip
    return render(request, "leaves/leave.html", page, status=400 if problem else 200)


@require_POST
@allow(policies.may_decide)
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve or refuse."""
    user = user_of(request)
    found = queries.leave_for(user, pk)
    approve = request.POST.get("do") == "approve"
    try:
        services.decide(
            leave=found, approve=approve, answer=request.POST.get("answer", "")[:200],
            document_seen="document_seen" in request.POST, by=user, at=clock.now(),
        )  # fmt: skip
    except DomainError as error:
        return _leave(request, pk, error.message)
    messages.success(request, _("Approved") if approve else _("Refused"))
    return redirect("leaves:leave", pk)


@require_POST
@allow(policies.may_ask)
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a leave back."""
    user = user_of(request)
    found = queries.leave_for(user, pk)
    try:
        services.cancel(leave=found, by=user, at=clock.now())
    except DomainError as error:
        return _leave(request, pk, error.message)
    messages.success(request, _("Taken back: the days are free again"))
    return redirect("leaves:leave", pk)
