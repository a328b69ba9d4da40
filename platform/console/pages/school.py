"""One school on one screen, and what an operator can do for it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console import listing, telling
from console.forms import ReasonForm, SuspendForm
from console.policies import may_operate
from core import clock
from core.errors import DomainError, NotFound
from core.models import Job
from identity.access import allow, user_of
from identity.forms import refuse
from tenants import erasing, lifecycle, provisioning, queries
from tenants.archive import making
from tenants.models import School, SchoolKind, State

LATEST = 20


def found(slug: str) -> School:
    """The school of an address; raises NotFound."""
    school = queries.by_slug(slug)
    if school is None:
        raise NotFound(_("No school has this address."))
    return school


@require_safe
@allow(may_operate)
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Facts, state, what was done, and the jobs that failed."""
    school = found(slug)
    kind = school.facts.get("kind", "")
    around = {
        "row": listing.row(school),
        "one": school,
        "address": queries.address(school),
        "is_open": school.state in queries.OPEN,
        "is_underway": school.state in queries.UNDERWAY,
        "kind": str(SchoolKind(kind).label) if kind in SchoolKind.values else "",
        "lines": [telling.line(entry) for entry in queries.timeline(school)[:LATEST]],
        "failed": list(Job.objects.filter(school_id=school.pk, state="failed").order_by("-updated_at")[:5]),
        "end": erasing.open_of(school.pk),
        "newest": making.newest(school.pk),
        "waiting": Job.objects.filter(school_id=school.pk, state__in=("waiting", "running")).count(),
    }
    return render(request, "console/school.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def suspend(request: HttpRequest, slug: str) -> HttpResponse:
    """Close a school at once on every surface, with a reason."""
    school = found(slug)
    form = SuspendForm(request.POST if request.method == "POST" else None, school=school)
    said = _("%(school)s is suspended.") % {"school": school.name}
    return _with_reason(request, school, form, lifecycle.suspend, said, "suspend")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def make_read_only(request: HttpRequest, slug: str) -> HttpResponse:
    """Refuse every write of a school, with a reason."""
    school = found(slug)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    said = _("%(school)s is read-only.") % {"school": school.name}
    return _with_reason(request, school, form, lifecycle.make_read_only, said, "read_only")


@require_POST
@allow(may_operate)
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a suspended or read-only school again."""
    school = found(slug)
    said = _("%(school)s is open again.") % {"school": school.name}
    return done(request, school, lifecycle.resume, said)


@require_POST
@allow(may_operate)
def retry(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with a set-up that failed."""
    school = found(slug)
    done(request, school, provisioning.retry, _("The set-up goes on."))
    return HttpResponseRedirect(reverse("console:progress", args=[school.slug]))


@require_POST
@allow(may_operate)
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the head's invitation again."""
    school = found(slug)
    said = _("The invitation is on its way to %(email)s.") % {"email": school.head_email}
    return done(request, school, lifecycle.invite_head, said)


def done(request: HttpRequest, school: School, act: Callable[..., Any], said: str) -> HttpResponse:
    """One act on a school, told, and back to its page."""
    try:
        act(school_id=school.pk, by=user_of(request), at=clock.now())
        messages.success(request, said)
    except DomainError as error:
        messages.error(request, error.message)
    return _to(school)


def _with_reason(
    request: HttpRequest, school: School, form: ReasonForm, act: Callable[..., Any], said: str, name: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                act(school_id=school.pk, reason=form.cleaned_data["reason"], by=user_of(request), at=clock.now())
                messages.success(request, said)
                return _to(school)
            except DomainError as error:
                status = error.status
                refuse(form, error.errors, error.message)
    around = {"form": form, "one": school, "act": name, "is_open": school.state == State.LIVE}
    return render(request, "console/close.html", around, status=status)


def _to(school: School) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:school", args=[school.slug]))
