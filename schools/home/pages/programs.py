"""Programs that are let in: API keys and OAuth clients, each shown once and ended at any time."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity import access as doors
from identity import clients, scopes
from identity.forms import refuse
from schools.home import access, policies
from schools.home.forms import AccessForm
from schools.home.pages.settings import page


@require_safe
@doors.allow(policies.may_give_access)
def programs(request: HttpRequest) -> HttpResponse:
    """Everything that may come in now."""
    around = {
        "keys": access.keys(),
        "clients": clients.current(),
        "labels": scopes.all(),
        "served": clients.are_served(),
    }
    return page(request, "programs", around)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@doors.allow(policies.may_give_access)
def new_key(request: HttpRequest) -> HttpResponse:
    """Make an API key and show it once."""
    return _issue(request, "key", access.issue_key)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@doors.allow(policies.may_give_access)
def new_client(request: HttpRequest) -> HttpResponse:
    """Make an OAuth client and show its secret once."""
    return _issue(request, "client", access.issue_client)


@require_POST
@doors.allow(policies.may_give_access)
def end_key(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a key."""
    access.revoke_key(pk=pk, by=doors.user_of(request), at=clock.now())
    messages.success(request, _("The key is ended. The program cannot come in any more."))
    return HttpResponseRedirect(reverse("home:programs"))


@require_POST
@doors.allow(policies.may_give_access)
def end_client(request: HttpRequest, client_id: str) -> HttpResponse:
    """End a client."""
    clients.revoke(client_id=client_id, by=doors.user_of(request), at=clock.now())
    messages.success(request, _("The client is ended. The program cannot come in any more."))
    return HttpResponseRedirect(reverse("home:programs"))


def _issue(request: HttpRequest, kind: str, issue: Callable[..., access.Secret]) -> HttpResponse:
    form = AccessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wanted = form.cleaned_data
            made = issue(
                name=wanted["name"],
                role=wanted["role"],
                wanted=wanted["scopes"],
                by=doors.user_of(request),
                at=clock.now(),
            )
            return page(request, "secret", {"made": made, "kind": kind}, tab="programs")
        except DomainError as error:
            refuse(form, error.errors, error.message)
    around = {"form": form, "kind": kind}
    return page(request, "new_program", around, tab="programs", status=400 if request.method == "POST" else 200)
