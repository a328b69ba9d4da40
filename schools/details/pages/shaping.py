"""Which fields, houses and admission numbers the school has."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.details import forms, numbering, policies, queries, services
from schools.details.models import House, OwnField
from schools.people.forms import refuse


@require_safe
@allow(policies.may_shape)
def index(request: HttpRequest) -> HttpResponse:
    """Houses, fields of the school's own, and how admission numbers look."""
    around = {
        "houses": list(queries.houses_with_numbers()),
        "fields": list(OwnField.objects.order_by("retired", "place", "label")),
        "pattern": numbering.pattern(),
        "following": numbering.following(clock.now()),
    }
    return render(request, "details/index.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def house_add(request: HttpRequest) -> HttpResponse:
    """Open a house."""
    return _house(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def house(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a house."""
    return _house(request, queries.house_for(pk))


def _house(request: HttpRequest, found: House | None) -> HttpResponse:
    initial = {"name": found.name, "colour": found.colour} if found else {}
    form = forms.HouseForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.save_house(house=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("details:index")
    title = found.name if found else _("Open a house")
    around = {"form": form, "title": title, "remove": "details:house_remove" if found else "", "thing": found}
    return render(request, "details/form.html", around, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_shape)
def house_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a house that nobody belongs to."""
    found = queries.house_for(pk)
    try:
        services.remove_house(house=found, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Removed"))
    return redirect("details:index")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def field_add(request: HttpRequest) -> HttpResponse:
    """Ask something new of every student."""
    return _field(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def field(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask it otherwise, or no longer."""
    return _field(request, queries.field_for(pk))


def _field(request: HttpRequest, found: OwnField | None) -> HttpResponse:
    names = ("label", "kind", "help_text", "required", "audience", "place", "retired")
    initial = {name: getattr(found, name) for name in names} if found else {}
    if found:
        initial["options"] = "\n".join(found.options)
    form = forms.OwnFieldForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.save_field(field=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("details:index")
    title = found.label if found else _("Add a field")
    around = {"form": form, "title": title, "remove": "details:field_remove" if found else "", "thing": found}
    return render(request, "details/form.html", around, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_shape)
def field_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw away a field that nobody answered."""
    found = queries.field_for(pk)
    try:
        services.remove_field(field=found, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Removed"))
    return redirect("details:index")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def numbers(request: HttpRequest) -> HttpResponse:
    """How admission numbers look."""
    form = forms.PatternForm(
        request.POST if request.method == "POST" else None, initial={"pattern": numbering.pattern()}
    )
    if form.is_bound and form.is_valid():
        try:
            numbering.choose(by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("details:index")
    around = {"form": form, "title": _("Admission numbers")}
    return render(request, "details/form.html", around, status=400 if form.is_bound else 200)
