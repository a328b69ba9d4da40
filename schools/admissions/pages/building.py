"""The builder of forms: pages and fields, one press at a time."""

from copy import deepcopy
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.admissions import definition, forms, policies, queries, services
from schools.people.forms import refuse


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_admit)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a form with the standard pages."""
    form = forms.NewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            found = services.open_form(by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("admissions:form", found.pk)
    around = {"form": form, "title": _("New form"), "button": _("Begin the form")}
    return render(request, "admissions/form.html", around, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_admit)
def form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form's settings and its pages."""
    user = user_of(request)
    found = queries.form_for(user, pk)
    name = found.name
    bound = forms.SettingsForm(request.POST if request.method == "POST" else None, instance=found)
    if bound.is_bound and bound.is_valid():
        fresh = queries.form_for(user, pk)
        try:
            services.set_form(form=fresh, by=user, at=clock.now(), **bound.cleaned_data)
        except DomainError as error:
            refuse(bound, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("admissions:form", pk)
    around = {
        "for": queries.form_for(user, pk), "name": name, "form": bound,
        "missing": definition.missing(found.pages),
        "pages": [
            (place, one, forms.LibraryField(initial={"page": place}), forms.OwnField(initial={"page": place}))
            for place, one in enumerate(found.pages)
        ],
    }  # fmt: skip
    return render(request, "admissions/builder.html", around, status=400 if bound.is_bound else 200)


@require_POST
@allow(policies.may_admit)
def build(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One change of the pages: a page or field comes, goes, moves up, or must be filled in."""
    user = user_of(request)
    found = queries.form_for(user, pk)
    try:
        pages = _changed(request, deepcopy(found.pages))
        services.change_pages(form=found, pages=pages, by=user, at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Saved"))
    return redirect("admissions:form", pk)


def _changed(request: HttpRequest, pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    act, key = request.POST.get("act", ""), request.POST.get("key", "")[:60]
    place = request.POST.get("page", "")
    page = pages[int(place)] if place.isdigit() and int(place) < len(pages) else None
    if act == "add_page":
        title = " ".join(request.POST.get("title", "").split())[:80]
        return [*pages, {"title": title or _("Page %(n)s") % {"n": len(pages) + 1}, "fields": []}]
    if page is None:
        raise DomainError(_("There is no such page."))
    if act == "remove_page":
        pages.remove(page)
    elif act == "library":
        bound = forms.LibraryField(request.POST)
        _valid(bound)
        page["fields"].append(
            definition.from_library(bound.cleaned_data["field"], required=bound.cleaned_data["required"])
        )
    elif act == "own":
        page["fields"].append(_own(request))
    else:
        _on_field(page["fields"], act, key)
    return pages


def _own(request: HttpRequest) -> dict[str, Any]:
    bound = forms.OwnField(request.POST)
    _valid(bound)
    facts = bound.cleaned_data
    field: dict[str, Any] = {
        "key": f"own_{uuid4().hex[:8]}", "label": facts["label"], "kind": facts["kind"], "required": facts["required"],
        "hint": facts["hint"], "options": [one.strip() for one in facts["options"].split(",") if one.strip()],
    }  # fmt: skip
    if facts["when_field"]:
        field["when"] = {"field": facts["when_field"], "is": facts["when_is"]}
    return field


def _on_field(fields: list[dict[str, Any]], act: str, key: str) -> None:
    place = next((n for n, field in enumerate(fields) if field["key"] == key), None)
    if place is None:
        raise DomainError(_("There is no such field."))
    if act == "remove":
        del fields[place]
    elif act == "up" and place > 0:
        fields[place - 1], fields[place] = fields[place], fields[place - 1]
    elif act == "required":
        fields[place]["required"] = not fields[place].get("required")
    elif act != "up":
        raise DomainError(_("Choose what to change."))


def _valid(bound: Any) -> None:
    if not bound.is_valid():
        raise DomainError(next(iter(bound.errors.values()))[0])


@require_safe
@allow(policies.may_admit)
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every page as a family sees it, without sending anything."""
    found = queries.form_for(user_of(request), pk)
    return render(request, "admissions/preview.html", {"for": found, "levels": queries.levels_of(found).values()})
