"""The sweep, page by page: years, preview by class, single students, progress."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.people.forms import refuse
from schools.rollover import forms, policies, queries, services
from schools.rollover.choices import Outcome, State
from schools.rollover.models import Sweep


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_plan)
def index(request: HttpRequest) -> HttpResponse:
    """Sweeps that were planned, and a new one."""
    user = user_of(request)
    years = list(academics.years_visible_to(user))
    now = academics.current_year()
    after = next((year for year in reversed(years) if now and year.starts_on > now.starts_on), None)
    form = forms.PlanForm(
        request.POST if request.method == "POST" else None, initial={"from_year": now, "to_year": after}
    )
    if form.is_bound and form.is_valid():
        try:
            sweep = services.plan(by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("rollover:sweep", sweep.pk)
    around = {"form": form, "sweeps": list(queries.visible_to(user)), "after": after, "years": years}
    return render(request, "rollover/index.html", around, status=400 if form.is_bound else 200)


@require_safe
@allow(policies.may_plan)
def sweep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preview class by class, or how far the sweep is."""
    user = user_of(request)
    found = queries.sweep_for(user, pk)
    if request.headers.get("HX-Request"):
        return render(request, "rollover/sweep.html#now", _around(request, found))
    return render(request, "rollover/sweep.html", _around(request, found))


def _around(request: HttpRequest, found: Sweep) -> dict[str, Any]:
    waits = found.state == State.PLANNED or found.is_undone
    done, total = found.decisions.filter(is_done=True).count(), found.decisions.count()
    return {
        "sweep": found,
        "lines": queries.preview(found),
        "outcomes": Outcome.choices,
        "obstacles": queries.obstacles(found, clock.today()) if waits else [],
        "waits": waits,
        "done": done,
        "total": total,
        "percent": f"{done * 100 // total if total else 0} %",
        "may_carry_out": policies.may_carry_out(user_of(request)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_plan)
def of_class(request: HttpRequest, pk: UUID, school_class: UUID) -> HttpResponse:
    """What becomes of each student of a class; a person's decision wins over the rules."""
    user = user_of(request)
    found = queries.sweep_for(user, pk)
    here = SchoolClass.objects.filter(pk=school_class, year=found.from_year).first()
    if here is None:
        raise NotFound("There is no such class in this sweep.")
    rows = list(queries.decisions_of(found, here.pk))
    error = ""
    if request.method == "POST":
        chosen = {row.student_id: _choice(request, row.student_id) for row in rows}
        try:
            n = services.decide(sweep=found, choices=chosen, by=user, at=clock.now())
        except DomainError as refused:
            error = refused.message
        else:
            messages.success(request, ngettext("%(n)s decision saved", "%(n)s decisions saved", n) % {"n": n})
            return redirect("rollover:sweep", pk)
    around = {
        "sweep": found, "class": here, "rows": rows, "outcomes": Outcome.choices, "error": error,
        "offered": list(queries.offered_classes(found.to_year)),
        "open": found.state in (State.PLANNED, State.FAILED) or found.is_undone,
    }  # fmt: skip
    return render(request, "rollover/of_class.html", around, status=400 if error else 200)


def _choice(request: HttpRequest, student: UUID) -> tuple[str, UUID | None, str]:
    outcome = request.POST.get(f"outcome-{student}", "")[:10]
    try:
        to = UUID(request.POST.get(f"to-{student}", ""))
    except ValueError:
        to = None
    reason = "".join(c for c in request.POST.get(f"reason-{student}", "") if c.isprintable()).strip()
    return outcome, to, reason


@require_POST
@allow(policies.may_plan)
def plan_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan it anew; what people decided stays."""
    user = user_of(request)
    found = queries.sweep_for(user, pk)
    return _do(
        request, pk,
        lambda: services.plan(from_year=found.from_year, to_year=found.to_year, by=user, at=clock.now()),
        _("Planned again; what people decided stays."),
    )  # fmt: skip


@require_POST
@allow(policies.may_carry_out)
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Carry the sweep out."""
    user = user_of(request)
    found = queries.sweep_for(user, pk)
    return _do(request, pk, lambda: services.start(sweep=found, by=user, at=clock.now()), _("The sweep is running."))


@require_POST
@allow(policies.may_carry_out)
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a stopped sweep up again."""
    user = user_of(request)
    found = queries.sweep_for(user, pk)
    return _do(request, pk, lambda: services.go_on(sweep=found, by=user, at=clock.now()), _("The sweep goes on."))


def _do(request: HttpRequest, pk: UUID, act: Any, said: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, said)
    return redirect("rollover:sweep", pk)
