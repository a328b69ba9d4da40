"""What is taught when: the versions, and who follows which."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.academics import queries as academics
from schools.curriculum import forms, policies, queries, services
from schools.curriculum.models import Course
from schools.people.forms import refuse


@require_safe
@allow(policies.may_read)
def index(request: HttpRequest) -> HttpResponse:
    """Versions, what each grade level follows, and the blocks of options."""
    year = academics.current_year()
    around = {
        "versions": list(queries.versions()), "year": year, "followed": queries.followed(year),
        "blocks": list(queries.blocks()), "courses": Course.objects.count(),
        "may_shape": policies.may_shape(user_of(request)), "today": clock.today(),
    }  # fmt: skip
    return render(request, "curriculum/index.html", around)


@require_POST
@allow(policies.may_shape)
def known(request: HttpRequest) -> HttpResponse:
    """Take over the curricula that the catalogue knows."""
    services.add_known(by=user_of(request), at=clock.now())
    return redirect("curriculum:index")


@require_safe
@allow(policies.may_read)
def version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version, grade by grade."""
    return _version(request, pk)


def _version(request: HttpRequest, pk: UUID, form: Any = None) -> HttpResponse:
    found = queries.version_for(pk)
    around = {
        "version": found, "levels": queries.by_level(found), "may_shape": policies.may_shape(user_of(request)),
        "form": form or forms.NameForm(),
    }  # fmt: skip
    return render(request, "curriculum/version.html", around, status=400 if form else 200)


@require_POST
@allow(policies.may_shape)
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a draft with the same lines."""
    found = queries.version_for(pk)
    form = forms.NameForm(request.POST)
    if form.is_valid():
        try:
            made = services.copy(version=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("curriculum:lines", made.pk)
    return _version(request, pk, form)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def lines(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a draft."""
    found = queries.version_for(pk)
    initial = {"lines": forms.LinesForm.of(found)}
    form = forms.LinesForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.write_lines(version=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("curriculum:version", pk)
    around = {"form": form, "title": str(found), "button": _("Save the draft")}
    return render(request, "curriculum/form.html", around, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_shape)
def move_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Publish a draft, or retire what is published."""
    found = queries.version_for(pk)
    try:
        services.move_on(version=found, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect("curriculum:version", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def follow(request: HttpRequest) -> HttpResponse:
    """Let a grade level follow a version in a year."""
    form = forms.FollowForm(
        request.POST if request.method == "POST" else None, initial={"year": academics.current_year()}
    )
    if form.is_bound and form.is_valid():
        try:
            lacking = services.follow(by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            said = _("Added: %(names)s.") if form.cleaned_data["add_missing"] else _("The school lacks: %(names)s.")
            messages.success(request, said % {"names": ", ".join(lacking)} if lacking else _("Saved"))
            return redirect("curriculum:index")
    around = {"form": form, "title": _("What a grade level follows"), "button": _("Save")}
    return render(request, "curriculum/form.html", around, status=400 if form.is_bound else 200)
