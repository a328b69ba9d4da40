"""School years with their terms and holidays: the list, opening one, and its classes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.academics import catalogue, forms, policies, queries, services
from schools.academics.models import AcademicYear, Holiday
from schools.academics.pages import drawing
from schools.people.forms import refuse


@require_safe
@allow(policies.may_change_calendar)
def years(request: HttpRequest) -> HttpResponse:
    """Every year with its terms, and the holidays."""
    found = list(
        queries.years_visible_to(user_of(request)).prefetch_related("terms").annotate(classes_open=Count("classes"))
    )
    around = {
        "years": [(year, found[place + 1] if place + 1 < len(found) else None) for place, year in enumerate(found)],
        "holidays": list(Holiday.objects.order_by("-starts_on")[:60]),
        "form": forms.HolidayForm(),
    }
    return render(request, "academics/years.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_calendar)
def year_open(request: HttpRequest) -> HttpResponse:
    """Open a year; the country's calendar is proposed, and every day of it can be changed."""
    user = user_of(request)
    form = forms.YearForm(request.POST if request.method == "POST" else None, initial=_proposed(request))
    if form.is_bound and form.is_valid():
        try:
            year = services.open_year(by=user, at=clock.now(), **form.facts())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(year)s is open") % {"year": year.name})
            return redirect("academics:years")
    return drawing.form_page(
        request,
        form,
        _("Open a school year"),
        _("Open the year"),
        reverse("academics:years"),
        section=_("School years"),
    )


def _proposed(request: HttpRequest) -> dict[str, Any]:
    last = queries.years_visible_to(user_of(request)).first()
    number = last.ends_on.year + 1 if last and last.ends_on.month > 6 else clock.today().year + 1
    spans = catalogue.terms(number)
    starts = (
        spans[0].starts_on if last is None else max(last.ends_on + timedelta(days=1), spans[0].starts_on.replace(day=1))
    )
    found: dict[str, Any] = {
        "name": str(number),
        "starts_on": starts,
        "ends_on": spans[-1].ends_on.replace(month=12, day=31),
    }
    for place, span in enumerate(spans, 1):
        found[f"opens_{place}"], found[f"closes_{place}"] = span.starts_on, span.ends_on
        if span.half_term:
            found[f"half_from_{place}"], found[f"half_to_{place}"] = span.half_term
    return found


@require_POST
@allow(policies.may_change_calendar)
def year_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back a year that nothing was built on."""
    year = _year_for(request, pk)
    try:
        services.drop_year(year=year, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("%(year)s is taken back") % {"year": year.name})
    return redirect("academics:years")


@require_POST
@allow(policies.may_change_classes)
def classes_like(request: HttpRequest, pk: UUID, like: UUID) -> HttpResponse:
    """Open the classes of a year like those of another."""
    year, other = _year_for(request, pk), _year_for(request, like)
    new = services.open_classes_like(year=year, like=other, by=user_of(request), at=clock.now())
    said = ngettext("%(n)s class is open in %(year)s", "%(n)s classes are open in %(year)s", new)
    messages.success(request, said % {"n": new, "year": year.name})
    return redirect("academics:years")


@require_POST
@allow(policies.may_change_calendar)
def holiday_add(request: HttpRequest) -> HttpResponse:
    """Close the school for some days."""
    form = forms.HolidayForm(request.POST)
    if form.is_valid():
        try:
            services.add_holiday(by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("academics:years")
    return drawing.form_page(
        request, form, _("Holiday"), _("Close the school"), reverse("academics:years"), section=_("School years")
    )


@require_POST
@allow(policies.may_change_calendar)
def holiday_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the school on those days again."""
    holiday = Holiday.objects.filter(pk=pk).first()
    if holiday is None:
        raise NotFound("There is no such holiday.")
    services.remove_holiday(holiday=holiday, by=user_of(request), at=clock.now())
    messages.success(request, _("%(name)s is a school day again") % {"name": holiday.name})
    return redirect("academics:years")


def _year_for(request: HttpRequest, pk: UUID) -> AcademicYear:
    year = queries.years_visible_to(user_of(request)).filter(pk=pk).first()
    if year is None:
        raise NotFound("There is no such year.")
    return year
