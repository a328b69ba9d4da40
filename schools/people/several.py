"""One act on several chosen students: first the question, then all of them or none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import DomainError
from identity.access import user_of
from schools.people import queries
from schools.people.forms import refuse
from schools.people.models import Student
from web import chosen

Act = Callable[[Sequence[Student], Mapping[str, Any]], tuple[str, HttpResponse]]


def ask(
    request: HttpRequest, kind: type[forms.Form], *, title: str, button: Callable[[int], str], act: Act
) -> HttpResponse:
    """Draw the form over the chosen, and carry `act(students, facts)` out; it gives back what to say and where to go.

    A refusal of the domain stands in the form and leaves everybody as they were.
    """
    students = list(
        queries.visible_to(user_of(request))
        .filter(pk__in=chosen.ids(request))
        .order_by("first_name", "last_name", "pk")
    )
    if not students:
        messages.warning(request, _("Nobody was chosen."))
        return redirect("people:students")
    asked = any(name in request.POST for name in kind.base_fields)
    form = kind(request.POST if asked else None)
    if asked and form.is_valid():
        try:
            said, answer = act(students, form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, said)
            return answer
    around = {"form": form, "students": students, "title": title, "button": button(len(students))}
    return render(request, "people/several.html", around, status=400 if asked else 200)
