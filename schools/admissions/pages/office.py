"""The office's side: the board, the list, one application and what is done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, storage
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.admissions import forms, policies, queries, services, steps
from schools.admissions.choices import MOVES, OPEN, Stage
from schools.admissions.models import Application
from schools.people.forms import refuse
from web import chosen

PAGE, ON_BOARD = 50, 40
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@require_safe
@allow(policies.may_admit)
def board(request: HttpRequest) -> HttpResponse:
    """The open applications by stage."""
    user = user_of(request)
    every = queries.search(queries.visible_to(user), request.GET.get("q", ""))
    columns = []
    for stage in OPEN:
        rows = every.filter(stage=stage, student=None).order_by("stage_since")
        columns.append((stage, rows.count(), list(rows[:ON_BOARD])))
    around = {"columns": columns, "forms": list(queries.forms_visible_to(user)), "any": any(n for _s, n, _r in columns)}
    return render(request, "admissions/board.html", around)


@require_safe
@allow(policies.may_admit)
def index(request: HttpRequest) -> HttpResponse:
    """Every application as a list."""
    user = user_of(request)
    found = queries.search(queries.visible_to(user), request.GET.get("q", ""))
    stage = request.GET.get("stage", "")
    if stage in Stage.values:
        found = found.filter(stage=stage)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    around = {"page_obj": page, "stages": Stage.choices, "moves": [s for s in Stage.choices if s[0] != Stage.OFFERED]}
    return render(request, "admissions/list.html", around)


@require_POST
@allow(policies.may_admit)
def move(request: HttpRequest) -> HttpResponse:
    """Move the chosen applications to a stage, all or none."""
    user = user_of(request)
    found = list(queries.visible_to(user).filter(pk__in=chosen.ids(request)))
    try:
        n = services.move(applications=found, stage=request.POST.get("stage", ""), by=user, at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, ngettext("%(n)s application moved", "%(n)s applications moved", n) % {"n": n})
    if len(found) == 1 and request.POST.get("back") == "one":
        return redirect("admissions:application", found[0].pk)
    return redirect("admissions:list")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_admit)
def enquiry(request: HttpRequest) -> HttpResponse:
    """Note somebody who asked at the office."""
    user = user_of(request)
    form = forms.EnquiryForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            application = services.enquire(by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("admissions:application", application.pk)
    around = {"form": form, "title": _("New enquiry"), "button": _("Note the enquiry")}
    return render(request, "admissions/form.html", around, status=400 if form.is_bound else 200)


@require_safe
@allow(policies.may_admit)
def application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One application: answers, history, and what can be done next."""
    found = queries.application_for(user_of(request), pk)
    return render(request, "admissions/application.html", _around(found))


def _around(found: Application, **bound: Any) -> dict[str, Any]:
    taken = {row.key: row for row in found.steps.all()}
    first = {"on": found.form.year.starts_on, "school_class": found.offered_class_id}
    return {
        "application": found,
        "answered": queries.answered(found),
        "events": list(found.events.select_related("by")[:60]),
        "moves": [stage for stage in Stage if stage in MOVES[found.stage] and stage != Stage.OFFERED],
        "doubles": queries.doubles(found),
        "places": queries.places_for(found),
        "line": queries.in_line(found.form, found.grade_level_id) if found.stage == Stage.WAITING else [],
        "steps": [(step, taken.get(step.key)) for step in steps.in_order()],
        "is_admitted": "done" in taken,
        "may_offer": Stage.OFFERED in MOVES[found.stage] or found.stage == Stage.OFFERED,
        "may_interview": Stage.INTERVIEW in MOVES[found.stage] or found.stage == Stage.INTERVIEW,
        "offer_form": forms.OfferForm(application=found, initial={"school_class": found.offered_class_id}),
        "interview_form": forms.InterviewForm(initial={"when": found.interview_at, "place": found.interview_place}),
        "marks_form": forms.MarksForm(initial={"marks": "\n".join(f"{k} {v:g}" for k, v in found.marks.items())}),
        "admit_form": forms.AdmitForm(application=found, initial=first),
        "line_form": forms.LineForm(initial={"place": found.place_in_line}),
        **bound,
    }


def _act(
    request: HttpRequest, pk: UUID, name: str, make: Callable[[Application], Any],
    act: Callable[[Application, Any], Any], said: str,
) -> HttpResponse:  # fmt: skip
    """One form of the application's page: carried out, or shown again with what is wrong."""
    found = queries.application_for(user_of(request), pk)
    form = make(found)
    if form.is_valid():
        try:
            act(found, form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, said)
            return redirect("admissions:application", pk)
    found = queries.application_for(user_of(request), pk)
    return render(request, "admissions/application.html", _around(found, **{name: form}), status=400)


@require_POST
@allow(policies.may_admit)
def interview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite to an interview."""
    by = user_of(request)
    return _act(
        request, pk, "interview_form", lambda found: forms.InterviewForm(request.POST),
        lambda found, facts: services.interview(application=found, by=by, at=clock.now(), **facts), _("Invited"),
    )  # fmt: skip


@require_POST
@allow(policies.may_admit)
def mark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note entrance marks."""
    by = user_of(request)
    return _act(
        request, pk, "marks_form", lambda found: forms.MarksForm(request.POST),
        lambda found, facts: services.mark(application=found, by=by, at=clock.now(), **facts), _("Saved"),
    )  # fmt: skip


@require_POST
@allow(policies.may_admit)
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer a place."""
    by = user_of(request)
    return _act(
        request, pk, "offer_form", lambda found: forms.OfferForm(request.POST, application=found),
        lambda found, facts: services.offer(application=found, by=by, at=clock.now(), **facts),
        _("The place is offered"),
    )  # fmt: skip


@require_POST
@allow(policies.may_admit)
def line(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a place in the waiting list by hand."""
    by = user_of(request)
    return _act(
        request, pk, "line_form", lambda found: forms.LineForm(request.POST),
        lambda found, facts: services.put_in_line(application=found, by=by, at=clock.now(), **facts), _("Saved"),
    )  # fmt: skip


@require_POST
@allow(policies.may_admit)
def admit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the applicant a student, step by step."""
    by = user_of(request)
    return _act(
        request, pk, "admit_form", lambda found: forms.AdmitForm(request.POST, application=found),
        lambda found, facts: services.admit(application=found, by=by, at=clock.now(), **facts), _("Admitted"),
    )  # fmt: skip


@require_POST
@allow(policies.may_admit)
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write something down."""
    user = user_of(request)
    found = queries.application_for(user, pk)
    try:
        services.note(application=found, text=request.POST.get("text", ""), by=user, at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect("admissions:application", pk)


@require_safe
@allow(policies.may_admit)
def file(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """A file of an application, as a download."""
    found = queries.application_for(user_of(request), pk)
    held = found.files.get(key)
    if held is None:
        raise NotFound("There is no such file.")
    suffix = held["path"].rpartition(".")[2]
    answer = HttpResponse(storage.read(held["path"]), content_type=TYPES.get(suffix, "application/octet-stream"))
    answer["Content-Disposition"] = f'attachment; filename="{slugify(found.name) or "application"}-{key}.{suffix}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@allow(policies.may_admit)
def figures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How admissions go for one form: the funnel, grade levels, places, time to the offer."""
    found = queries.form_for(user_of(request), pk)
    around = {"for": found, "figures": queries.figures(found), "places": queries.places_of(found)}
    return render(request, "admissions/figures.html", around)
