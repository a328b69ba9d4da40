"""The pages of duplicates: the pairs, and one pair side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.duplicates import policies, queries, services
from schools.duplicates.choices import Kind, Side
from schools.people.models import Guardian, Student

PROFILES = {Kind.STUDENT.value: "people:student", Kind.GUARDIAN.value: "people:guardian"}


@require_safe
@allow(policies.may_judge)
def index(request: HttpRequest, kind: str = Kind.STUDENT) -> HttpResponse:
    """Who may be written down twice."""
    if kind not in Kind.values:
        raise NotFound("There is no such kind.")
    around = {"kind": kind, "kinds": Kind.choices, "pairs": queries.pairs_for(user_of(request), kind)}
    return render(request, "duplicates/index.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_judge)
def pair(request: HttpRequest, kind: str, pk: UUID, other: UUID) -> HttpResponse:
    """Two records side by side, and what becomes of each field; the first stays."""
    user = user_of(request)
    kept, goes = queries.person_for(user, kind, pk), queries.person_for(user, kind, other)
    if kept.pk == goes.pk:
        raise NotFound("That is one record.")
    lines, moving = queries.lines(kind, kept, goes), queries.moving(kept, goes)
    problem = ""
    if request.method == "POST":
        try:
            services.merge(
                kind=kind, kept=kept, other=goes, take=_taken(request, lines), prefer=_preferred(request, moving),
                by=user, at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            problem = error.message
        else:
            messages.success(request, _("The two records are one. It can be undone for 30 days, under Undo."))
            return redirect(PROFILES[kind], pk)
    around = {
        "kind": kind, "kept": kept, "other": goes, "lines": lines, "moving": moving, "problem": problem,
        "sides": Side.choices, "profile": PROFILES[kind],
    }  # fmt: skip
    return render(request, "duplicates/pair.html", around, status=400 if problem else 200)


def _taken(request: HttpRequest, lines: list[queries.Line]) -> list[str]:
    return [line.name for line in lines if line.differs and request.POST.get(f"field-{line.name}") == Side.OTHER]


def _preferred(request: HttpRequest, moving: list[queries.Moving]) -> dict[str, Any]:
    asked = {one.label: request.POST.get(f"side-{one.label}", "") for one in moving if one.asks}
    return {label: side for label, side in asked.items() if side}


@require_POST
@allow(policies.may_judge)
def different(request: HttpRequest, kind: str, pk: UUID, other: UUID) -> HttpResponse:
    """Two records of two people."""
    user = user_of(request)
    one: Student | Guardian = queries.person_for(user, kind, pk)
    services.tell_apart(kind=kind, one=one, other=queries.person_for(user, kind, other), by=user, at=clock.now())
    messages.success(request, _("Noted: these are two people"))
    return redirect("duplicates:kind", kind)
