"""A school's copies: asked for, fetched, and an earlier self looked at and put in its place."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.forms import TypedForm
from console.pages.lives import to
from console.pages.school import found
from console.policies import may_operate
from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from identity.forms import refuse
from tenants import restoring
from tenants.archive import making
from tenants.models import CopyKind, CopyState, Restoration, RestorationState, School

SHOWN = 30


@require_safe
@allow(may_operate)
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Every copy that there is or was, and what stands beside the school."""
    school = found(slug)
    copies = list(making.of_school(school.pk)[:SHOWN])
    around = {
        "one": school,
        "copies": copies,
        "busy": any(copy.state in making.UNDERWAY for copy in copies),
        "restorations": list(restoring.of_school(school.pk)[:10]),
        "can_copy": school.state in making.WITH_TABLES,
        "can_restore": school.state in restoring.WITH_SCHEMA,
    }
    part = request.headers.get("HX-Request")
    return render(request, f"console/copies.html{'#copies' if part else ''}", around)


@require_POST
@allow(may_operate)
def ask_export(request: HttpRequest, slug: str) -> HttpResponse:
    """A portable export, in the background."""
    return _ask(request, found(slug), CopyKind.EXPORT)


@require_POST
@allow(may_operate)
def ask_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """A whole archive, in the background."""
    return _ask(request, found(slug), CopyKind.ARCHIVE)


@require_safe
@never_cache
@allow(may_operate)
def fetch(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """An export's file. Whole archives hold secrets and are fetched on the machine itself."""
    school, at = found(slug), clock.now()
    copy = making.ready(copy_id=pk, school_id=school.pk, kinds=(CopyKind.EXPORT,), at=at)
    file = making.fetched(copy, by=user_of(request), at=at)
    answer = FileResponse(
        file, as_attachment=True, filename=f"{school.slug}-export.zip", content_type="application/zip"
    )
    return cast(HttpResponse, answer)


@require_POST
@allow(may_operate)
def restore(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Load an archive beside the school."""
    school = found(slug)
    try:
        asked = restoring.ask(school_id=school.pk, copy_id=pk, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
        return _to_copies(school)
    return HttpResponseRedirect(reverse("console:restoration", args=[school.slug, asked.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def restoration(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """What would be otherwise; the address typed puts it in the school's place."""
    school = found(slug)
    one = _restoration(school, pk)
    form = TypedForm(request.POST if request.method == "POST" else None, school=school)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                restoring.swap(restoration_id=one.pk, by=user_of(request), at=clock.now())
                messages.success(request, _("%(school)s is restored. Everybody signs in again.") % {"school": school})
                return to(school)
            except DomainError as error:
                status = error.status
                refuse(form, error.errors, error.message)
    around = {
        "one": school,
        "way": one,
        "form": form,
        "loading": one.state == RestorationState.LOADING,
        "ready": one.state == RestorationState.READY,
        "failed": one.state == RestorationState.FAILED,
        "rows": one.differences,
    }
    part = request.headers.get("HX-Request")
    return render(request, f"console/restoration.html{'#way' if part else ''}", around, status=status)


@require_POST
@allow(may_operate)
def discard(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Throw away what was loaded."""
    school = found(slug)
    try:
        one = _restoration(school, pk)
        restoring.discard(restoration_id=one.pk, by=user_of(request), at=clock.now())
        messages.success(request, _("Thrown away. The school was not touched."))
    except DomainError as error:
        messages.error(request, error.message)
    return _to_copies(school)


def _ask(request: HttpRequest, school: School, kind: str) -> HttpResponse:
    try:
        asked = making.ask(school_id=school.pk, kind=kind, by=user_of(request), at=clock.now())
        if asked.state != CopyState.DONE:
            messages.success(request, _("It is being made. This page shows how far it is."))
    except DomainError as error:
        messages.error(request, error.message)
    return _to_copies(school)


def _restoration(school: School, pk: UUID) -> Restoration:
    one = restoring.of_school(school.pk).filter(pk=pk).first()
    if one is None:
        raise NotFound(_("Nothing of this number stands beside this school."))
    return one


def _to_copies(school: School) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:copies", args=[school.slug]))
