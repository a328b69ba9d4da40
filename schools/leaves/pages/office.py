"""What the office sees of all: the month, the balances, the kinds of leave, and employments."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.leaves import forms, policies, queries, services
from schools.leaves.models import Employment, LeaveType
from schools.people import queries as people
from schools.people.forms import refuse
from schools.people.models import Staff

PAGE = 25


@require_safe
@allow(policies.may_decide)
def month(request: HttpRequest) -> HttpResponse:
    """Who is away in a month, `?month=2026-06`."""
    first = _month(request.GET.get("month", ""))
    last = _next(first) - timedelta(days=1)
    page = {
        "first": first, "before": (first - timedelta(days=1)).replace(day=1), "after": _next(first),
        "leaves": list(queries.between(first, last)), "today": clock.today(),
    }  # fmt: skip
    return render(request, "leaves/month.html", page)


def _month(said: str) -> date:
    try:
        year, number = (int(part) for part in said.split("-"))
        return date(min(max(year, 1950), 2100), number, 1)
    except ValueError:
        return clock.today().replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


@require_safe
@allow(policies.may_decide)
def balances(request: HttpRequest) -> HttpResponse:
    """What is left to everybody of every kind of leave."""
    page = Paginator(queries.working(), PAGE).get_page(request.GET.get("page"))
    found = queries.balances_of(list(page), clock.today().year)
    limited = [kind for kind in queries.types() if kind.days is not None]
    rows = [(one, [b for b in found[one.pk] if b.type in limited]) for one in page]
    around = {"page_obj": page, "rows": rows, "types": limited, "year": clock.today().year}
    return render(request, "leaves/balances.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def types(request: HttpRequest) -> HttpResponse:
    """The kinds of leave; a school without any may take the usual ones."""
    if request.method == "POST":
        services.add_usual_types(by=user_of(request), at=clock.now())
        return redirect("leaves:types")
    return render(request, "leaves/types.html", {"types": list(queries.types(retired=True))})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def type_add(request: HttpRequest) -> HttpResponse:
    """Give a new kind of leave."""
    return _type(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def type_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a kind of leave."""
    return _type(request, queries.type_for(pk))


def _type(request: HttpRequest, found: LeaveType | None) -> HttpResponse:
    title = found.name if found else _("A new kind of leave")
    form = forms.TypeForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            services.save_type(type=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("leaves:types")
    around = {"form": form, "title": title, "back": reverse("leaves:types"), "above": _("Kinds of leave")}
    return render(request, "leaves/form.html", around, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_employ)
def employment_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note a new employment of somebody."""
    staff = people.staff_visible_to(user_of(request)).filter(pk=pk).first()
    if staff is None:
        raise NotFound("There is no such member of staff.")
    return _employment(request, staff, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_employ)
def employment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct an employment, or end it."""
    found = queries.employment_for(pk)
    return _employment(request, found.staff, found)


def _employment(request: HttpRequest, staff: Staff, found: Employment | None) -> HttpResponse:
    form = forms.EmploymentForm(
        request.POST if request.method == "POST" else None, instance=found, initial={"job_title": staff.job_title}
    )
    if form.is_bound and form.is_valid():
        user, at = user_of(request), clock.now()
        try:
            if found is None:
                services.employ_as(staff=staff, by=user, at=at, **form.cleaned_data)
            else:
                services.change_employment(employment=found, by=user, at=at, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:staff_member", staff.pk)
    back = reverse("people:staff_member", args=[staff.pk])
    title = _("Employment of %(name)s") % {"name": staff.short_name}
    around = {"form": form, "title": title, "back": back, "above": staff.short_name}
    return render(request, "leaves/form.html", around, status=400 if form.is_bound else 200)
