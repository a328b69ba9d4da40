"""A school put away, brought back, or under another address: each page is one change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_stubs_ext import StrOrPromise

from console.forms import RenameForm, SuspendForm, TypedForm
from console.pages.school import done, found
from console.policies import may_operate
from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from identity.forms import refuse
from tenants import lifecycle
from tenants.models import School


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a school away: closed at once, written into an archive, then its tables and files dropped."""
    school = found(slug)
    form = SuspendForm(request.POST if request.method == "POST" else None, school=school)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                lifecycle.ask_to_archive(school_id=school.pk, reason=reason, by=user_of(request), at=clock.now())
                messages.success(request, _("%(school)s is closed and being put away.") % {"school": school.name})
                return to(school)
            except DomainError as error:
                status = error.status
                refuse(form, error.errors, error.message)
    title = _("Archive %(school)s") % {"school": school.name}
    meta = _("It closes at once. Its archive is kept and can be brought back under the same id.")
    return sure(request, school, form, title, meta, _("Archive the school"), status=status)


@require_POST
@allow(may_operate)
def bring_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Have an archived school opened again."""
    school = found(slug)
    said = _("%(school)s is being brought back.") % {"school": school.name}
    return done(request, school, lifecycle.ask_to_bring_back, said)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Another address; the old one leads to it."""
    school = found(slug)
    form = RenameForm(request.POST if request.method == "POST" else None, school=school)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                wanted = form.cleaned_data["slug"]
                renamed = lifecycle.rename(school_id=school.pk, slug=wanted, by=user_of(request), at=clock.now())
                messages.success(request, _("%(school)s has a new address.") % {"school": school.name})
                return to(renamed)
            except DomainError as error:
                status = error.status
                refuse(form, error.errors, error.message)
    title = _("Rename %(school)s") % {"school": school.name}
    meta = _("Its people sign in again at the new address; links to the old one go on working.")
    return sure(request, school, form, title, meta, _("Give it this address"), danger=False, status=status)


def sure(
    request: HttpRequest,
    school: School,
    form: TypedForm,
    title: str,
    meta: StrOrPromise,
    act: StrOrPromise,
    *,
    danger: bool = True,
    status: int = 200,
) -> HttpResponse:
    """A page that asks once more before one change."""
    around = {"one": school, "form": form, "title": title, "meta": meta, "act": act, "danger": danger}
    return render(request, "console/sure.html", around, status=status)


def to(school: School) -> HttpResponse:
    """To the school's page."""
    return HttpResponseRedirect(reverse("console:school", args=[school.slug]))
