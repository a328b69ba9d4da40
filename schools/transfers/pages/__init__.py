"""The pages of transfers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, storage
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.people import queries as people
from schools.people.forms import refuse
from schools.transfers import forms, package, policies, queries, services
from schools.transfers.choices import OPEN, State, Way
from schools.transfers.models import Transfer

PAGE = 25


@require_safe
@allow(policies.may_prepare)
def index(request: HttpRequest) -> HttpResponse:
    """Who goes and who comes, the newest first."""
    user = user_of(request)
    page = Paginator(queries.visible_to(user), PAGE).get_page(request.GET.get("page"))
    around = {
        "page_obj": page, "transfers": list(page), "takes": queries.takes_transfers(),
        "may_agree": policies.may_agree(user), "form": forms.FileForm(),
    }  # fmt: skip
    return render(request, "transfers/index.html", around)


@require_POST
@allow(policies.may_agree)
def listed(request: HttpRequest) -> HttpResponse:
    """Put this school on the list of those that take students over, or off it."""
    services.list_school(takes="takes" in request.POST, by=user_of(request), at=clock.now())
    return redirect("transfers:index")


@require_POST
@allow(policies.may_prepare)
def bring(request: HttpRequest) -> HttpResponse:
    """Take a package that came as a file."""
    form = forms.FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            content = form.cleaned_data["file"].read(package.LARGEST + 1)
            made = services.bring(content=content, by=user_of(request), at=clock.now())
        except DomainError as error:
            messages.warning(request, error.message)
        else:
            return redirect("transfers:transfer", made.pk)
    else:
        messages.warning(request, _("Choose the package."))
    return redirect("transfers:index")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_prepare)
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Prepare the transfer of a student."""
    user = user_of(request)
    student = people.visible_to(user).filter(pk=pk).first()
    if student is None:
        raise NotFound("There is no such student.")
    form = forms.AskForm(
        request.POST if request.method == "POST" else None, student=student, initial={"last_day": clock.today()}
    )
    if form.is_bound and form.is_valid():
        try:
            made = services.ask(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Prepared. The head approves it."))
            return redirect("transfers:transfer", made.pk)
    return render(
        request, "transfers/ask.html", {"form": form, "student": student}, status=400 if form.is_bound else 200
    )


@require_safe
@allow(policies.may_prepare)
def transfer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One transfer: what travels, and what may be done now."""
    return _transfer(request, pk)


def _transfer(request: HttpRequest, pk: UUID, problem: str = "", form: Any = None) -> HttpResponse:
    user = user_of(request)
    found = queries.transfer_for(user, pk)
    opened = _opened(found)
    may_agree = policies.may_agree(user)
    page = {
        "transfer": found, "record": opened.record if opened else None, "problem": problem,
        "known": queries.known_already(opened) if opened and found.way == Way.IN else [],
        "may_approve": may_agree and found.way == Way.OUT and found.state == State.ASKED,
        "may_withdraw": found.way == Way.OUT and found.state in OPEN,
        "may_answer": may_agree and found.way == Way.IN and found.state == State.OFFERED,
        "may_take_in": found.way == Way.IN and found.state == State.AGREED,
        "form": form or forms.TakeInForm(user=user, initial={"on": max(found.last_day, clock.today())}),
    }  # fmt: skip
    return render(request, "transfers/transfer.html", page, status=400 if problem or form else 200)


def _opened(found: Transfer) -> package.Package | None:
    """The package, for who comes and while it is there."""
    if found.way != Way.IN or found.state == State.WITHDRAWN or not found.package:
        return None
    try:
        return package.read(storage.read(found.package))
    except (DomainError, FileNotFoundError):
        return None


@require_safe
@allow(policies.may_prepare)
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sealed package, for a school outside the list."""
    found = queries.transfer_for(user_of(request), pk)
    if found.way != Way.OUT or not found.package:
        raise NotFound("There is no package.")
    answer = HttpResponse(storage.read(found.package), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="transfer-{found.pk.hex[:8]}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@allow(policies.may_agree)
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a student go."""
    user = user_of(request)
    found = queries.transfer_for(user, pk)
    try:
        services.approve(transfer=found, by=user, at=clock.now())
    except DomainError as error:
        return _transfer(request, pk, error.message)
    messages.success(request, _("Approved"))
    return redirect("transfers:transfer", pk)


@require_POST
@allow(policies.may_prepare)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back."""
    user = user_of(request)
    found = queries.transfer_for(user, pk)
    try:
        services.withdraw(transfer=found, by=user, at=clock.now())
    except DomainError as error:
        return _transfer(request, pk, error.message)
    messages.success(request, _("Withdrawn"))
    return redirect("transfers:transfer", pk)


@require_POST
@allow(policies.may_agree)
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree, or decline with a reason."""
    user = user_of(request)
    found = queries.transfer_for(user, pk)
    yes = request.POST.get("do") == "agree"
    try:
        services.agree(transfer=found, yes=yes, answer=request.POST.get("answer", "")[:200], by=user, at=clock.now())
    except DomainError as error:
        return _transfer(request, pk, error.message)
    messages.success(request, _("Agreed: take the student in now") if yes else _("Declined"))
    return redirect("transfers:transfer", pk)


@require_POST
@allow(policies.may_prepare)
def take_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the package a student here."""
    user = user_of(request)
    found = queries.transfer_for(user, pk)
    form = forms.TakeInForm(request.POST, user=user)
    if not form.is_valid():
        return _transfer(request, pk, form=form)
    try:
        student = services.take_in(transfer=found, by=user, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        refuse(form, error)
        return _transfer(request, pk, error.message, form)
    messages.success(request, _("%(name)s is taken in") % {"name": student.full_name})
    return redirect("people:student", student.pk)
