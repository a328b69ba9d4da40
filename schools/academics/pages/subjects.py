"""Subjects and learning areas."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from schools.academics import forms, policies, queries, services
from schools.academics.models import Subject
from schools.academics.pages import drawing
from schools.people.forms import refuse


@require_safe
@allow(policies.may_list_classes)
def subjects(request: HttpRequest) -> HttpResponse:
    """What the school teaches."""
    user = user_of(request)
    rows = queries.subjects_visible_to(user)
    taught = request.GET.get("all") != "1"
    page = {
        "subjects": list(rows.filter(is_active=True) if taught else rows),
        "may_change": policies.may_change_classes(user),
    }
    return render(request, "academics/subjects.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def subject_add(request: HttpRequest) -> HttpResponse:
    """Add a subject."""
    return _subject(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def subject_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a subject."""
    found = queries.subjects_visible_to(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _subject(request, found)


def _subject(request: HttpRequest, subject: Subject | None) -> HttpResponse:
    user = user_of(request)
    title = _("Change %(name)s") % {"name": subject.name} if subject else _("Add a subject")
    form = forms.SubjectForm(request.POST if request.method == "POST" else None, instance=subject)
    if request.method == "POST" and form.is_valid():
        try:
            if subject is None:
                services.add_subject(by=user, at=clock.now(), **form.cleaned_data)
            else:
                services.change_subject(subject=subject, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("academics:subjects")
    back = reverse("academics:subjects")
    return drawing.form_page(request, form, title, _("Save the subject"), back, section=_("Subjects"))
