"""The documents in a file: added, fetched, removed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, storage
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.people import policies as people_policies
from schools.people import queries as people
from schools.people.forms import refuse
from schools.people.models import Staff, Student
from schools.records import forms, policies, queries, services
from schools.records.models import Document

TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


def tab(request: HttpRequest, student: Student) -> dict[str, Any]:
    """A student's documents."""
    user = user_of(request)
    return {
        "documents": list(queries.documents_visible_to(user).filter(student=student)),
        "today": clock.today(),
        "may_change_file": policies.may_change_care(user),
    }


def staff_panel(request: HttpRequest, staff: Staff) -> dict[str, Any] | None:
    """A member of staff's documents, for the office and for themselves."""
    user = user_of(request)
    office = people_policies.is_office(user)
    if not office and staff.user_id != user.pk:
        return None
    found = list(queries.documents_visible_to(user).filter(staff=staff))
    return {"documents": found, "staff": staff, "may_change_file": office, "today": clock.today()}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_care)
def add(request: HttpRequest, whose: str, pk: UUID) -> HttpResponse:
    """Put a paper into the file of a student or a member of staff."""
    user = user_of(request)
    person = _person(request, whose, pk)
    posted = request.method == "POST"
    form = forms.DocumentForm(request.POST if posted else None, request.FILES if posted else None)
    back = _back(person)
    if posted and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("kind", "name", "expires_on")}
        try:
            services.add_document(
                person=person, content=form.cleaned_data["file"].read(), by=user, at=clock.now(), **facts
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The document is in the file"))
            return redirect(back)
    around = {
        "form": form, "title": _("Document of %(name)s") % {"name": person.short_name}, "back": back,
        "button": _("Keep the document"), "person": person, "multipart": True,
    }  # fmt: skip
    return render(request, "records/form.html", around, status=400 if posted else 200)


def _person(request: HttpRequest, whose: str, pk: UUID) -> Student | Staff:
    user = user_of(request)
    if whose == "staff":
        found = people.staff_visible_to(user).filter(pk=pk).first()
        if found is None:
            raise NotFound("There is no such member of staff.")
        return found
    if whose != "students":
        raise NotFound("Documents belong to students and staff.")
    return queries.student_for(user, pk)


def _back(person: Student | Staff) -> str:
    if isinstance(person, Staff):
        return reverse("people:staff_member", args=[person.pk])
    return reverse("people:student_tab", args=[person.pk, "documents"])


@require_safe
@allow(policies.may_open_documents)
def fetch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A document, as a download of the type that its bytes have: it never acts as a page."""
    document = queries.document_for(user_of(request), pk)
    suffix = document.file.rpartition(".")[2]
    answer = HttpResponse(storage.read(document.file), content_type=TYPES.get(suffix, "application/octet-stream"))
    name = slugify(f"{document.person.short_name} {document}") or "document"
    answer["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@allow(policies.may_change_care)
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a document out of the file."""
    user = user_of(request)
    document: Document = queries.document_for(user, pk)
    back = _back(document.person)
    services.remove_document(document=document, by=user, at=clock.now())
    messages.success(request, _("The document is gone"))
    return redirect(back)
