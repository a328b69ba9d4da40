"""The end of a school by two operators, and the certificates of those that are gone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.forms import EraseForm, NamedForm, TypedForm
from console.pages.lives import sure, to
from console.pages.school import done, found
from console.policies import may_operate
from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from identity.forms import refuse
from tenants import erasing
from tenants.models import Erasure, School


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a school's end; another operator confirms."""
    school = found(slug)
    form = EraseForm(request.POST if request.method == "POST" else None, school=school)
    title = _("Erase %(school)s") % {"school": school.name}
    meta = _("Nothing happens yet: another operator must confirm, and then 30 days pass.")
    said = _("Another operator must confirm the end of %(school)s.") % {"school": school.name}
    reason = {"reason": form.cleaned_data.get("reason", "")} if form.is_bound and form.is_valid() else {}
    return _page(request, school, form, erasing.ask, reason, said, (title, meta, _("Ask for its end")))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Agree as another person: closed at once, erased after the grace."""
    school = found(slug)
    form = NamedForm(request.POST if request.method == "POST" else None, school=school)
    title = _("Confirm the end of %(school)s") % {"school": school.name}
    meta = _("It closes at once. After 30 days its tables, files, archives and jobs are erased for good.")
    said = _("%(school)s is closed and will be erased in 30 days.") % {"school": school.name}
    return _page(request, school, form, erasing.confirm, {}, said, (title, meta, _("Close it and erase it")))


@require_POST
@allow(may_operate)
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Think again."""
    school = found(slug)
    return done(request, school, erasing.take_back, _("%(school)s stays.") % {"school": school.name})


@require_safe
@allow(may_operate)
def index(request: HttpRequest) -> HttpResponse:
    """The schools that were erased."""
    return render(request, "console/erased.html", {"tombstones": list(erasing.tombstones()[:200])})


@require_safe
@allow(may_operate)
def certificate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was erased, by whom, when, and whether this is as it was signed; to be printed."""
    gone = _gone(pk)
    around = {"gone": gone, "said": gone.certificate, "genuine": erasing.is_genuine(gone.certificate)}
    return render(request, "console/certificate.html", around)


@require_safe
@allow(may_operate)
def certificate_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same, signed, for the school's own papers."""
    gone = _gone(pk)
    answer = JsonResponse(gone.certificate, json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="erased-{gone.slug}.json"'
    return answer


def _gone(pk: UUID) -> Erasure:
    gone = erasing.tombstones().filter(pk=pk).first()
    if gone is None:
        raise NotFound(_("No school was erased under this number."))
    return gone


def _page(
    request: HttpRequest,
    school: School,
    form: TypedForm,
    act: Any,
    more: dict[str, Any],
    said: str,
    words: tuple[str, str, str],
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                act(school_id=school.pk, by=user_of(request), at=clock.now(), **more)
                messages.success(request, said)
                return to(school)
            except DomainError as error:
                status = error.status
                refuse(form, error.errors, error.message)
    title, meta, button = words
    return sure(request, school, form, title, meta, button, status=status)
