"""The history of acts on many records, and the way back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.bulk import kinds, policies, queries, services
from schools.bulk.choices import State

PAGE = 25


@require_safe
@allow(policies.may_undo)
def index(request: HttpRequest) -> HttpResponse:
    """Every bulk action, the newest first."""
    page = Paginator(queries.visible_to(user_of(request)), PAGE).get_page(request.GET.get("page"))
    at = clock.now()
    rows = [(action, kinds.get(action.kind), action.can_undo(at)) for action in page]
    return render(request, "bulk/index.html", {"page_obj": page, "rows": rows})


@require_safe
@allow(policies.may_undo)
def action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One bulk action: what it touched, and whether it can be undone."""
    found = queries.action_for(user_of(request), pk)
    around = {
        "action": found,
        "kind": kinds.get(found.kind),
        "touched": queries.touched(found),
        "can_undo": found.can_undo(clock.now()),
        "reasons": found.reason.splitlines(),
    }
    return render(request, "bulk/action.html", around)


@require_POST
@allow(policies.may_undo)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back, or say why not."""
    user = user_of(request)
    found = queries.action_for(user, pk)
    try:
        found = services.ask_undo(action=found, by=user, at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("bulk:action", pk)
    if found.state == State.UNDONE:
        messages.success(request, _("Undone. Everything is as before."))
    elif found.state == State.UNDOING:
        messages.info(request, _("It is being undone. You can leave this page."))
    else:
        messages.warning(request, _("It cannot be undone: the reasons stand below."))
    return redirect("bulk:action", pk)
