"""Background work: what waits, and what failed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from console import outbox
from console.policies import may_operate
from core import clock
from core.errors import DomainError
from identity.access import allow, user_of

PAGE = 25


@require_safe
@allow(may_operate)
def index(request: HttpRequest) -> HttpResponse:
    """Each queue in numbers, then the failures."""
    page = Paginator(outbox.failures(), PAGE).get_page(request.GET.get("page"))
    around = {
        "queues": outbox.queues(clock.now()),
        "page_obj": page,
        "failures": outbox.with_schools(list(page.object_list)),
    }
    return render(request, "console/jobs.html", around)


@require_POST
@allow(may_operate)
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another round of tries."""
    return _settled(request, outbox.retry, pk, _("The job is tried again."))


@require_POST
@allow(may_operate)
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give it up."""
    return _settled(request, outbox.discard, pk, _("The job is discarded."))


def _settled(request: HttpRequest, act: Callable[..., Any], pk: UUID, said: str) -> HttpResponse:
    try:
        act(job_id=pk, by=user_of(request), at=clock.now())
        messages.success(request, said)
    except DomainError as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(reverse("console:jobs"))
