"""Letters: their templates, issuing, reading, revoking."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from identity.models import User
from schools.papers import forms, merging, policies, queries, services, setting
from schools.papers.models import Letter, Template
from schools.papers.pages.printing import as_pdf
from schools.people import queries as people
from schools.people.forms import refuse
from schools.people.models import Student


def _student_for(user: User, pk: UUID) -> Student:
    found = people.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_issue)
def template_add(request: HttpRequest) -> HttpResponse:
    """Write a new template."""
    return _template(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_issue)
def template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a template."""
    return _template(request, queries.template_for(user_of(request), pk))


def _template(request: HttpRequest, found: Template | None) -> HttpResponse:
    user = user_of(request)
    form = forms.TemplateForm(request.POST if request.method == "POST" else None, instance=found)
    name = found.name if found else ""
    if form.is_bound and form.is_valid():
        try:
            services.save_template(template=found, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("papers:index")
    sample = people.visible_to(user).order_by("first_name", "pk").first()
    around = {"form": form, "template": found, "name": name, "fields": merging.every(), "sample": sample}
    return render(request, "papers/template.html", around, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_issue)
def template_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw a template away."""
    found = queries.template_for(user_of(request), pk)
    services.remove_template(template=found, by=user_of(request), at=clock.now())
    messages.success(request, _("%(name)s is thrown away") % {"name": found.name})
    return redirect("papers:index")


@require_safe
@allow(policies.may_issue)
def preview(request: HttpRequest, pk: UUID, student: UUID) -> HttpResponse:
    """The letter as it would be, for one student."""
    user = user_of(request)
    found = queries.template_for(user, pk)
    letter, _missing = services.draft(template=found, student=_student_for(user, student), by=user, at=clock.now())
    return as_pdf(setting.letter(letter, preview=True), found.name)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_issue)
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a letter to a student."""
    user = user_of(request)
    student = _student_for(user, pk)
    form = forms.IssueForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_bound and form.is_valid():
        try:
            letter = services.issue(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(letter)s is issued") % {"letter": letter.reference})
            return redirect("papers:letter", letter.pk)
    around = {"form": form, "student": student, "templates": list(queries.templates_visible_to(user))}
    return render(request, "papers/issue.html", around, status=400 if form.is_bound else 200)


@require_safe
@allow(policies.may_read_letters)
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One letter, and what may be done with it."""
    user = user_of(request)
    found = queries.letter_for(user, pk)
    return render(request, "papers/letter.html", _around(user, found, forms.RevokeForm()))


def _around(user: User, found: Letter, form: forms.RevokeForm) -> dict[str, Any]:
    return {"letter": found, "form": form, "may_issue": policies.may_issue(user)}


@require_safe
@allow(policies.may_read_letters)
def letter_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A letter as PDF."""
    found = queries.letter_for(user_of(request), pk)
    return as_pdf(setting.letter(found), f"{found.reference} {found.student.full_name}")


@require_POST
@allow(policies.may_issue)
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a letter back."""
    user = user_of(request)
    found = queries.letter_for(user, pk)
    form = forms.RevokeForm(request.POST)
    if form.is_valid():
        try:
            services.revoke(letter=found, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(letter)s is revoked") % {"letter": found.reference})
            return redirect("papers:letter", pk)
    return render(request, "papers/letter.html", _around(user, found, form), status=400)


@require_POST
@allow(policies.may_issue)
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a letter to the guardians, or no longer."""
    user = user_of(request)
    found = queries.letter_for(user, pk)
    services.share(letter=found, shared=not found.shared, by=user, at=clock.now())
    return redirect("papers:letter", pk)
