"""Staff: the list, the profile, the form, the photo."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from identity.models import User
from schools.people import choices, directory, forms, photos, policies, queries, services, story
from schools.people.listing import PAGE
from schools.people.models import Staff
from schools.people.pages.profile import forms_page, photo_of

_ORDERS = {
    "name": ["first_name", "last_name", "pk"],
    "-name": ["-first_name", "-last_name", "-pk"],
    "number": ["staff_number", "pk"],
    "-number": ["-staff_number", "-pk"],
}


def staff_for(user: User, pk: uuid.UUID) -> Staff:
    """The member of staff of an address, if this user sees them."""
    staff = queries.staff_visible_to(user).select_related("photo").filter(pk=pk).first()
    if staff is None:
        raise Http404
    return staff


@require_safe
@allow(policies.may_list_staff)
def index(request: HttpRequest) -> HttpResponse:
    """Who works at the school."""
    user = user_of(request)
    found = queries.search_staff(queries.staff_visible_to(user), request.GET.get("q", "")).select_related("photo")
    statuses = [value for value in request.GET.getlist("status") if value in choices.StaffStatus.values]
    if statuses:
        found = found.filter(status__in=statuses)
    elif not request.GET.get("q"):
        found = found.exclude(status=choices.StaffStatus.LEFT)
    found = found.order_by(*_ORDERS.get(request.GET.get("sort", ""), _ORDERS["name"]))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    around = {
        "page_obj": page,
        "may_change": policies.may_change_staff(user),
        "statuses": choices.StaffStatus.choices,
    }
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "people/staff_list.html#found", around)
    return render(request, "people/staff_list.html", around)


@require_safe
@allow(policies.may_list_staff)
def profile(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A member of staff, with what other domains say of them."""
    user = user_of(request)
    staff = staff_for(user, pk)
    page: dict[str, Any] = {
        "staff": staff,
        "photo": getattr(staff, "photo", None),
        "panels": [
            render_to_string(panel.template, shown, request)
            for panel in directory.staff_panels()
            if (shown := panel.context(request, staff)) is not None
        ],
        "may_change": policies.may_change_staff(user),
        "told": story.trail(staff, 20) if policies.may_see_trail(user) else None,
    }
    return render(request, "people/staff.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_staff)
def add(request: HttpRequest) -> HttpResponse:
    """Note somebody new."""
    form = forms.StaffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            staff = services.employ(by=user_of(request), at=clock.now(), **form.facts())
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("%(name)s is added") % {"name": staff.full_name})
            return redirect("people:staff_member", staff.pk)
    page = {
        **forms_page(form, _("Add a member of staff"), _("Add to the staff")),
        "back": reverse("people:staff"),
        "list_url": reverse("people:staff"),
        "list_name": _("Staff"),
    }
    return render(request, "people/form.html", page, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_staff)
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change what is known of a member of staff."""
    user = user_of(request)
    staff = staff_for(user, pk)
    name = staff.short_name
    form = forms.StaffForm(
        request.POST if request.method == "POST" else None, instance=staff, initial={"version": staff.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            expected = form.cleaned_data["version"]
            services.change_staff(staff=staff, by=user, at=clock.now(), expected=expected, **form.facts())
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:staff_member", pk)
    page = {
        **forms_page(form, _("Change %(name)s") % {"name": name}, _("Save the record")),
        "back": reverse("people:staff_member", args=[pk]),
        "list_url": reverse("people:staff"),
        "list_name": _("Staff"),
    }
    return render(request, "people/form.html", page, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_staff)
def photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Upload or replace a photo."""
    staff = staff_for(user_of(request), pk)
    remove = reverse("people:staff_photo_remove", args=[pk])
    return photo_of(request, staff, reverse("people:staff_member", args=[pk]), remove)


@require_POST
@allow(policies.may_change_staff)
def photo_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget a photo."""
    user = user_of(request)
    photos.remove(person=staff_for(user, pk), by=user, at=clock.now())
    messages.success(request, _("The photo is removed"))
    return redirect("people:staff_member", pk)
