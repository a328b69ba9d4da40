"""Who teaches what to whom: all classes of the year at a glance, and one class to change."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.academics import forms, policies, queries, services
from schools.people.forms import refuse


@require_safe
@allow(policies.may_change_classes)
def assignments(request: HttpRequest) -> HttpResponse:
    """Subjects by classes with the teacher in each cell, and how many groups each teacher has."""
    table = queries.assignments(queries.current_year())
    return render(request, "academics/assignments.html", {"table": table})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say who teaches each subject to one class."""
    user = user_of(request)
    found = queries.visible_to(user).select_related("year").filter(pk=pk).first()
    if found is None:
        raise Http404
    form = forms.AssignForm(request.POST if request.method == "POST" else None, school_class=found)
    if form.is_bound and form.is_valid():
        try:
            n = services.assign(school_class=found, teachers=form.teachers(), by=user, at=clock.now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, ngettext("%(n)s subject changed", "%(n)s subjects changed", n) % {"n": n})
            return redirect("academics:assignments")
    title = _("Teachers of %(name)s") % {"name": found.name}
    return render(
        request, "academics/assign.html", {"form": form, "title": title, "class": found},
        status=400 if form.is_bound else 200,
    )  # fmt: skip
