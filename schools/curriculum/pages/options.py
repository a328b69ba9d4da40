"""Blocks of options, and choosing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotAllowed
from identity.access import allow, user_of
from identity.models import User
from schools.curriculum import forms, policies, queries, services
from schools.curriculum.models import Block, Option
from schools.people.forms import refuse
from schools.people.models import Student

SHOWN = 60


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def block_add(request: HttpRequest) -> HttpResponse:
    """Open a block."""
    return _block_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def block_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a block."""
    return _block_form(request, queries.block_for(pk))


def _block_form(request: HttpRequest, found: Block | None) -> HttpResponse:
    title = found.name if found else _("Open a block of options")
    form = forms.BlockForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            made = services.save_block(block=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("curriculum:block", made.pk)
    around = {"form": form, "title": title, "button": _("Save")}
    return render(request, "curriculum/form.html", around, status=400 if form.is_bound else 200)


@require_safe
@allow(policies.may_read)
def block(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One block: its options with their numbers, and who is silent."""
    found = queries.block_for(pk)
    user = user_of(request)
    around = {
        "offer": found, "options": list(queries.options_of(found)), "may_shape": policies.may_shape(user),
        "silent": list(queries.silent(found)[:SHOWN]) if policies.may_shape(user) else [], "today": clock.today(),
    }  # fmt: skip
    return render(request, "curriculum/block.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def option_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer something in a block."""
    return _option_form(request, queries.block_for(pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def option(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer it otherwise."""
    found = queries.option_for(pk)
    return _option_form(request, found.block, found)


def _option_form(request: HttpRequest, block: Block, found: Option | None) -> HttpResponse:
    title = found.name if found else _("An option of %(name)s") % {"name": block.name}
    form = forms.OptionForm(request.POST if request.method == "POST" else None, instance=found, block=block)
    if form.is_bound and form.is_valid():
        try:
            services.save_option(block=block, option=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("curriculum:block", block.pk)
    around = {"form": form, "title": title, "button": _("Save")}
    return render(request, "curriculum/form.html", around, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_shape)
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the places."""
    found = queries.block_for(pk)
    try:
        counts = services.place(block=found, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        said = ngettext("%(n)s place given", "%(n)s places given", counts["placed"])
        messages.success(request, said % {"n": counts["placed"]})
    return redirect("curriculum:block", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda user: policies.may_choose(user) or policies.may_shape(user))
def choose(request: HttpRequest, pk: UUID, student: UUID) -> HttpResponse:
    """The wishes of one student: their own, a guardian's for a child, or the office's for anybody."""
    user = user_of(request)
    found, who = queries.block_for(pk), queries.student_for(user, student)
    if queries.level_of(who) not in found.levels:
        raise NotAllowed(_("These options are for other grade levels."))
    problem = ""
    if request.method == "POST":
        try:
            services.choose(
                student=who, block=found, options=_ranked(request), by=user, at=clock.now(),
                late=policies.may_shape(user),
            )  # fmt: skip
        except DomainError as error:
            problem = error.message
        else:
            messages.success(request, _("Noted. You can change it until the last day."))
            return redirect("people:student", student)
    return _chosen(request, user, found, who, problem)


def _ranked(request: HttpRequest) -> list[UUID]:
    """The options with a rank, best first; those of one rank as they stand on the page."""
    ranked = []
    for name, value in request.POST.items():
        if name.startswith("rank-") and str(value).isascii() and str(value).isdigit():
            try:
                ranked.append((int(str(value)[:4]), UUID(name.removeprefix("rank-"))))
            except ValueError:
                continue
    return [pk for rank, pk in sorted(ranked, key=lambda one: one[0]) if rank]


def _chosen(request: HttpRequest, user: User, found: Block, who: Student, problem: str) -> HttpResponse:
    held = {wish.option_id: wish for wish in queries.wishes_of(who, found)}
    options = [(one, held[one.pk].rank if one.pk in held else "") for one in queries.options_of(found)]
    back = reverse("people:student", args=[who.pk])
    page: dict[str, Any] = {
        "offer": found, "student": who, "options": options, "problem": problem, "back": back,
        "open": policies.may_shape(user) or found.opens_on <= clock.today() <= found.closes_on,
    }  # fmt: skip
    return render(request, "curriculum/choose.html", page, status=400 if problem else 200)
