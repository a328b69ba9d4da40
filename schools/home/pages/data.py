"""The school's own data, taken out whole: asked for, made in the background, fetched while its link lives."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import clock, scope
from core.errors import DomainError
from identity import access
from schools.home import policies
from schools.home.pages.settings import page
from tenants import context
from tenants.archive import making
from tenants.models import CopyKind

SHOWN = 10


@require_safe
@access.allow(policies.may_take_data_out)
def exports(request: HttpRequest) -> HttpResponse:
    """The exports that there are, and how far the one under way is."""
    here = scope.current_school()
    with context.in_public():
        copies = list(making.of_school(here.id, kind=CopyKind.EXPORT)[:SHOWN])
    around = {"copies": copies, "busy": any(copy.state in making.UNDERWAY for copy in copies)}
    if request.headers.get("HX-Request"):
        return render(request, "home/settings/exports.html#copies", around)
    return page(request, "exports", around)


@require_POST
@access.allow(policies.may_take_data_out)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an export; one under way is not begun again."""
    try:
        by, here = access.user_of(request), scope.current_school()
        making.ask(school_id=here.id, kind=CopyKind.EXPORT, by=by, at=clock.now())
        messages.success(request, _("The export is being made. It goes on without this page."))
    except DomainError as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(reverse("home:exports"))


@require_safe
@never_cache
@access.allow(policies.may_take_data_out)
def fetch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file; the trail says who took it."""
    here, at = scope.current_school(), clock.now()
    with context.in_public():
        copy = making.ready(copy_id=pk, school_id=here.id, kinds=(CopyKind.EXPORT,), at=at)
    file = making.fetched(copy, by=access.user_of(request), at=at)
    answer = FileResponse(file, as_attachment=True, filename=f"{here.slug}-export.zip", content_type="application/zip")
    return cast(HttpResponse, answer)
