"""Set up a school: the form, and the page that shows how far it is."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from console import progress as steps
from console.forms import NewSchoolForm
from console.pages.school import found
from console.policies import may_operate
from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from identity.forms import refuse
from tenants import provisioning, queries


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def create(request: HttpRequest) -> HttpResponse:
    """Ask for a school; asking twice for the same one leads to the same page."""
    form = NewSchoolForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            facts = form.cleaned_data
            try:
                school = provisioning.request(
                    slug=facts["slug"] or slugify(facts["name"])[:40].strip("-"),
                    name=facts["name"],
                    head_name=facts["head_name"],
                    head_email=facts["head_email"],
                    facts={"kind": facts["kind"]},
                    by=user_of(request),
                    at=clock.now(),
                )
                return HttpResponseRedirect(reverse("console:progress", args=[school.slug]))
            except DomainError as error:
                status = error.status
                refuse(form, error.errors, error.message)
    return render(request, "console/new_school.html", {"form": form}, status=status)


@require_safe
@allow(may_operate)
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far a set-up is; a page that can be left, and asked for again without script."""
    school = found(slug)
    around = {"school_row": school, "progress": steps.of(school), "address": queries.address(school)}
    part = request.headers.get("HX-Request")
    return render(request, f"console/progress.html{'#steps' if part else ''}", around)
