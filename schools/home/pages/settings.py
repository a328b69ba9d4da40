"""Settings of the school: words, look, calendar."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock, scope
from core.errors import DomainError, NotAllowed, NotFound
from identity import access
from identity.forms import refuse
from schools.academics import queries as academics
from schools.academics import services as calendar
from schools.academics.models import Term
from schools.home import identity_card, logos, policies
from schools.home.forms import LogoForm, LookForm, ProfileForm, TermForm
from web import school

TERM_FIELDS = ("name", "starts_on", "ends_on", "half_term_starts_on", "half_term_ends_on")


@require_http_methods(["GET", "HEAD", "POST"])
@access.allow(policies.may_read_settings)
def profile(request: HttpRequest) -> HttpResponse:
    """Name, motto, place, contacts, language."""
    user = access.user_of(request)
    known = identity_card.profile()
    form = ProfileForm(request.POST or None, initial={f: getattr(known, f) for f in ProfileForm.base_fields})
    if request.method == "POST":
        _only_the_head(request)
        if form.is_valid():
            try:
                identity_card.describe(wanted=identity_card.Profile(**form.cleaned_data), by=user, at=clock.now())
                return _saved(request, "home:profile")
            except DomainError as error:
                refuse(form, error.errors, error.message)
    return page(request, "profile", {"form": form}, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access.allow(policies.may_read_settings)
def look(request: HttpRequest) -> HttpResponse:
    """Colour and emblem of the crest, and the logo in its place."""
    if request.method != "POST":
        return _look(request)
    _only_the_head(request)
    form = LookForm(request.POST)
    if form.is_valid():
        try:
            identity_card.dress(by=access.user_of(request), at=clock.now(), **form.cleaned_data)
            return _saved(request, "home:look")
        except DomainError as error:
            refuse(form, error.errors, error.message)
    return _look(request, form=form, status=400)


@require_POST
@access.allow(policies.may_change_settings)
def hang_logo(request: HttpRequest) -> HttpResponse:
    """Take an uploaded logo."""
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["logo"]
        try:
            image = upload.read(logos.MOST_BYTES + 1)
            identity_card.hang_logo(image=image, by=access.user_of(request), at=clock.now())
            return _saved(request, "home:look")
        except DomainError as error:
            refuse(form, error.errors, error.message)
    return _look(request, logo_form=form, status=400)


@require_POST
@access.allow(policies.may_change_settings)
def take_logo_down(request: HttpRequest) -> HttpResponse:
    """Back to the drawn crest."""
    identity_card.take_logo_down(by=access.user_of(request), at=clock.now())
    return _saved(request, "home:look")


@require_http_methods(["GET", "HEAD"])
@access.allow(policies.may_read_settings)
def terms(request: HttpRequest) -> HttpResponse:
    """The years with their terms, newest first."""
    found: dict[Any, list[Term]] = {}
    for term in academics.terms_visible_to(access.user_of(request)).order_by("-year__starts_on", "starts_on"):
        found.setdefault(term.year, []).append(term)
    now = academics.term_on(clock.today())
    return page(request, "terms", {"years": list(found.items()), "now": now})


@require_http_methods(["GET", "HEAD", "POST"])
@access.allow(policies.may_change_settings)
def term(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name, days and half-term of one term."""
    user = access.user_of(request)
    found = academics.terms_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such term."))
    form = TermForm(request.POST or None, initial={field: getattr(found, field) for field in TERM_FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            calendar.change_term(term=found, by=user, at=clock.now(), **form.cleaned_data)
            return _saved(request, "home:terms")
        except DomainError as error:
            refuse(form, error.errors, error.message)
    around = {"form": form, "term": found}
    return page(request, "term", around, tab="terms", status=400 if request.method == "POST" else 200)


def _look(
    request: HttpRequest, *, form: LookForm | None = None, logo_form: LogoForm | None = None, status: int = 200
) -> HttpResponse:
    facts = school.current()
    assert facts is not None
    around = {
        "form": form or LookForm(initial={"accent": facts.accent, "emblem": facts.emblem}),
        "logo_form": logo_form or LogoForm(),
        "has_logo": bool(identity_card.logo_path()),
    }
    return page(request, "look", around, status=status)


def page(request: HttpRequest, name: str, around: dict[str, Any], *, tab: str = "", status: int = 200) -> HttpResponse:
    """One page of the settings inside their frame of tabs."""
    user = access.user_of(request)
    frame = {
        "tab": tab or name,
        "may_change": policies.may_change_settings(user),
        "may_give_access": policies.may_give_access(user),
        "may_take_data_out": policies.may_take_data_out(user),
        "may_read_trail": policies.may_read_trail(user),
        "host": scope.current_school().host,
    }
    return render(request, f"home/settings/{name}.html", {**frame, **around}, status=status)


def _saved(request: HttpRequest, url_name: str) -> HttpResponse:
    messages.success(request, _("Saved"))
    return HttpResponseRedirect(reverse(url_name))


def _only_the_head(request: HttpRequest) -> None:
    if not policies.may_change_settings(access.user_of(request)):
        raise NotAllowed(_("Only the head changes the settings of the school."))
