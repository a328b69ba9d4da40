"""Schools that ask for themselves: who waits, yes or no, and what was said before."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from console.forms import RefuseForm
from console.policies import may_operate
from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from tenants import sign_ups
from tenants.plans import PLANS

SHOWN = 100


@require_safe
@allow(may_operate)
def index(request: HttpRequest) -> HttpResponse:
    """Those that wait, longest first; then the last that were decided."""
    return _page(request)


@require_POST
@allow(may_operate)
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Yes: the set-up begins, and its page shows how far it is."""
    found = sign_ups.one(pk)
    try:
        sign_up = sign_ups.approve(sign_up_id=found.pk, by=user_of(request), at=clock.now())
    except DomainError as error:
        return _page(request, error=error)
    school = sign_up.school
    assert school is not None
    return HttpResponseRedirect(reverse("console:progress", args=[school.slug]))


@require_POST
@allow(may_operate)
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No, and why: the head reads it."""
    found = sign_ups.one(pk)
    form = RefuseForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        sign_up = sign_ups.refuse(sign_up_id=found.pk, reason=reason, by=user_of(request), at=clock.now())
    except DomainError as error:
        return _page(request, error=error)
    messages.success(request, _("%(school)s was not taken in; its head gets a letter.") % {"school": sign_up.name})
    return HttpResponseRedirect(reverse("console:sign_ups"))


def _page(request: HttpRequest, *, error: DomainError | None = None) -> HttpResponse:
    waiting, decided = list(sign_ups.waiting()[:SHOWN]), list(sign_ups.decided()[:SHOWN])
    for sign_up in waiting:
        sign_up.plan_label = PLANS[sign_up.plan].label if sign_up.plan in PLANS else sign_up.plan  # type: ignore[attr-defined]
    around = {"waiting": waiting, "decided": decided, "error": error.message if error else "", "form": RefuseForm()}
    return render(request, "console/sign_ups.html", around, status=error.status if error else 200)
