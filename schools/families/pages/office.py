"""What the office does: decide proposals field by field, and ask everybody to confirm."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.families import forms, policies, queries, services
from schools.people.forms import refuse

PAGE = 50


@require_safe
@allow(policies.may_decide)
def proposals(request: HttpRequest) -> HttpResponse:
    """What guardians want to read otherwise, old and new side by side."""
    page = Paginator(queries.waiting(), PAGE).get_page(request.GET.get("page"))
    groups: dict[Any, list[queries.Shown]] = {}
    for line in queries.shown(list(page)):
        groups.setdefault(line.proposal.guardian, []).append(line)
    return render(request, "families/proposals.html", {"page_obj": page, "groups": list(groups.items())})


@require_POST
@allow(policies.may_decide)
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept one field, or refuse it with a reason."""
    user = user_of(request)
    found = queries.proposal_for(user, pk)
    accept = request.POST.get("do") == "accept"
    try:
        services.decide(
            proposal=found, accept=accept, reason=request.POST.get("reason", "")[:200], by=user, at=clock.now()
        )
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Accepted: the record is changed") if accept else _("Refused"))
    return redirect("families:proposals")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_decide)
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds of "confirm your details", and the form that starts one."""
    form = forms.RoundForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            found = services.start(by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The round is open; letters are on their way"))
            return redirect("families:round", found.pk)
    around = {"form": form, "rounds": list(queries.campaigns()[:20]), "today": clock.today()}
    return render(request, "families/rounds.html", around, status=400 if form.is_bound else 200)


@require_safe
@allow(policies.may_decide)
def one_round(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a round is, by class, and who is silent."""
    found = queries.campaign_for(pk)
    page = Paginator(queries.silent(found), PAGE).get_page(request.GET.get("page"))
    around = {
        "round": found, "classes": queries.by_class(user_of(request), found), "page_obj": page, "silent": list(page),
        "today": clock.today(), "answered": found.confirmed + found.changed,
    }  # fmt: skip
    return render(request, "families/round.html", around)


@require_POST
@allow(policies.may_decide)
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a round."""
    services.close(campaign=queries.campaign_for(pk), by=user_of(request), at=clock.now())
    messages.success(request, _("The round is closed"))
    return redirect("families:round", pk)
