"""The school's ladder: grade levels and streams, added, changed, taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.academics import forms, policies, services
from schools.academics.models import GradeLevel, Stream
from schools.academics.pages import drawing
from schools.people.forms import refuse


@require_safe
@allow(policies.may_change_classes)
def ladder(request: HttpRequest) -> HttpResponse:
    """Every grade level and stream, in order."""
    around = {"levels": list(GradeLevel.objects.all()), "streams": list(Stream.objects.all())}
    return render(request, "academics/ladder.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def level_add(request: HttpRequest) -> HttpResponse:
    """Add a step to the ladder, of any country's."""
    last = GradeLevel.objects.last()
    return _form(request, forms.LevelForm, None, _("Add a grade level"), {"order": last.order + 1 if last else 1})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def level(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a step of the ladder."""
    found = _found(GradeLevel, pk)
    facts = {name: getattr(found, name) for name in ("name", "code", "order", "curriculum")}
    return _form(request, forms.LevelForm, found, _("Change %(name)s") % {"name": found.name}, facts)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def stream_add(request: HttpRequest) -> HttpResponse:
    """Add a stream."""
    return _form(request, forms.StreamForm, None, _("Add a stream"), {})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def stream(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a stream."""
    found = _found(Stream, pk)
    title = _("Change %(name)s") % {"name": found.name}
    return _form(request, forms.StreamForm, found, title, {"name": found.name, "order": found.order})


@require_POST
@allow(policies.may_change_classes)
def level_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back a grade level that nothing was built on."""
    return _remove(request, _found(GradeLevel, pk))


@require_POST
@allow(policies.may_change_classes)
def stream_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back a stream that nothing was built on."""
    return _remove(request, _found(Stream, pk))


def _form(request: HttpRequest, kind: Any, found: Any, title: str, initial: dict[str, Any]) -> HttpResponse:
    form = kind(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            _save(kind, found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("academics:ladder")
    back = reverse("academics:ladder")
    return drawing.form_page(request, form, title, _("Save"), back, section=_("Grade levels"))


def _save(kind: Any, found: Any, **facts: Any) -> None:
    if kind is forms.LevelForm:
        services.change_grade_level(level=found, **facts) if found else services.add_grade_level(**facts)
    else:
        services.change_stream(stream=found, **facts) if found else services.add_stream(**facts)


def _remove(request: HttpRequest, row: GradeLevel | Stream) -> HttpResponse:
    try:
        services.remove(row=row, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("%(name)s is taken back") % {"name": row.name})
    return redirect("academics:ladder")


def _found(kind: Any, pk: UUID) -> Any:
    row = kind.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such step.")
    return row
