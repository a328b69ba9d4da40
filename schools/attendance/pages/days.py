"""How the registers of a day stand, and a class's month."""

from calendar import monthrange
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import clock
from identity import roles
from identity.access import allow, user_of
from schools.academics import queries as academics
from schools.attendance import charts, forms, policies, queries, words
from schools.attendance.choices import Session


@require_safe
@allow(policies.may_open_registers)
def day(request: HttpRequest) -> HttpResponse:
    """The registers of a day: a teacher's own classes, or the whole school with what is missing."""
    user = user_of(request)
    chosen = words.day_of(request.GET.get("date", "")) or clock.today()
    session = forms.session_of(request.GET.get("session"))
    state = queries.count_day(chosen, session, queries.classes_visible_to(user))
    names, rows = charts.heat(state, lambda one: words.address(one.class_id, chosen, session))
    return render(
        request,
        "attendance/day.html",
        {
            "state": state,
            "day": chosen,
            "session": session,
            "sessions": Session.choices,
            "is_today": chosen == clock.today(),
            "is_future": chosen > clock.today(),
            "is_school_day": academics.is_school_day(chosen),
            "whole_school": user.has_role(*roles.OFFICE),
            "heat_names": names,
            "heat_rows": rows,
            "first_missing": next(iter(state.missing), None),
            "classes": [(one, words.address(one.class_id, chosen, session)) for one in state.classes if one.roll],
        },
    )


@require_safe
@allow(policies.may_open_registers)
def on_site(request: HttpRequest) -> HttpResponse:
    """Who is on the ground now, class by class, and of whom nothing is known: the list for a fire."""
    local = timezone.localtime(clock.now())
    classes = queries.on_site(local.date(), local.time())
    return render(
        request,
        "attendance/on_site.html",
        {
            "now": local,
            "classes": classes,
            "here": sum(len(one.here) for one in classes),
            "unknown": sum(len(one.unknown) for one in classes),
        },
    )


@require_safe
@allow(policies.may_open_registers)
def history(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """A class's month: the share at school each day, each a way into that register."""
    school_class = words.class_of(request, class_id)
    today = clock.today()
    first = words.month_of(request.GET.get("month", "")) or today.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    session = forms.session_of(request.GET.get("session"))
    taken = queries.month(school_class, first, last, session)
    school_days = set(academics.school_days(first, last)) | set(taken)
    names, rows = charts.month(
        first, last, today, school_days, taken, lambda on: words.address(school_class.pk, on, session)
    )
    here = sum(counts[0] for counts in taken.values())
    counted = sum(counts[1] for counts in taken.values())
    return render(
        request,
        "attendance/history.html",
        {
            "school_class": school_class,
            "month": first,
            "before": (first - timedelta(days=1)).replace(day=1),
            "after": last + timedelta(days=1) if last < today else None,
            "heat_names": names,
            "heat_rows": rows,
            "percent": queries.percent(here, counted),
            "complete": sum(1 for counts in taken.values() if counts[2]),
            "due": sum(1 for on in school_days if on <= today),
            "day_url": reverse("attendance:day"),
            "today_url": words.address(school_class.pk, today, Session.MORNING),
            "can_take_today": academics.is_school_day(today),
        },
    )
