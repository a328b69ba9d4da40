"""Guardians: the list, the profile with their children, the form."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from identity.models import User
from schools.people import forms, policies, queries, services, story
from schools.people.listing import PAGE
from schools.people.models import Guardian
from schools.people.pages.profile import forms_page

_ORDERS = {"name": ["first_name", "last_name", "pk"], "-name": ["-first_name", "-last_name", "-pk"]}


def guardian_for(user: User, pk: uuid.UUID) -> Guardian:
    """The guardian of an address, if this user sees them."""
    guardian = queries.guardians_visible_to(user).select_related("household").filter(pk=pk).first()
    if guardian is None:
        raise Http404
    return guardian


@require_safe
@allow(policies.may_list_guardians)
def index(request: HttpRequest) -> HttpResponse:
    """The guardians that somebody sees, by name or phone."""
    user = user_of(request)
    everybody = queries.guardians_visible_to(user)
    found = queries.search_guardians(everybody, request.GET.get("q", ""))
    found = found.annotate(children=Count("guardianships"))
    found = found.order_by(*_ORDERS.get(request.GET.get("sort", ""), _ORDERS["name"]))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    around = {"page_obj": page, "may_change": policies.may_change_guardian(user)}
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "people/guardians.html#found", around)
    return render(request, "people/guardians.html", around)


@require_safe
@allow(policies.may_list_guardians)
def profile(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A guardian with how to reach them, their children and their rights."""
    user = user_of(request)
    guardian = guardian_for(user, pk)
    children = queries.visible_to(user).order_by().values("pk")
    ties = guardian.guardianships.filter(student__in=children).select_related("student__photo")
    page = {
        "guardian": guardian,
        "ties": list(ties.order_by("student__first_name", "pk")),
        "may_change": policies.may_change_guardian(user),
        "told": story.trail(guardian, 20) if policies.may_see_trail(user) else None,
    }
    return render(request, "people/guardian.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_guardian)
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change what is known of a guardian."""
    user = user_of(request)
    guardian = guardian_for(user, pk)
    name = guardian.short_name
    form = forms.GuardianForm(
        request.POST if request.method == "POST" else None, instance=guardian, initial={"version": guardian.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            expected = form.cleaned_data["version"]
            services.change_guardian(guardian=guardian, by=user, at=clock.now(), expected=expected, **form.facts())
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:guardian", pk)
    page = {
        **forms_page(form, _("Change %(name)s") % {"name": name}, _("Save the record")),
        "back": reverse("people:guardian", args=[pk]),
        "list_url": reverse("people:guardians"),
        "list_name": _("Guardians"),
    }
    return render(request, "people/form.html", page, status=400 if form.is_bound else 200)
