"""A school asks for itself: the form, the letter's link, and how far the school is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from console import progress as steps
from console.forms import SignUpForm
from core import clock
from core.errors import DomainError
from identity import access
from identity.forms import refuse
from tenants import queries, sign_ups
from tenants.models import SignUp, SignUpState

FACTS = ("name", "kind", "plan", "head_name", "head_email", "phone", "wants_example")


@require_http_methods(["GET", "HEAD", "POST"])
@access.public
def ask(request: HttpRequest) -> HttpResponse:
    """Tell of the school; the letter's link does the rest."""
    form = SignUpForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            if form.cleaned_data["website"]:
                return HttpResponseRedirect(reverse("site:sign_up_sent"))
            facts = {name: form.cleaned_data[name] for name in FACTS}
            slug = form.cleaned_data["slug"] or slugify(facts["name"])[:40].strip("-")
            where = str(request.META.get("REMOTE_ADDR", ""))
            language = translation.get_language()
            try:
                sign_ups.ask(facts={**facts, "slug": slug, "language": language}, address=where, at=clock.now())
                return HttpResponseRedirect(reverse("site:sign_up_sent"))
            except DomainError as error:
                status = error.status
                refuse(form, error.errors, error.message)
    return render(request, "site/sign_up.html", {"form": form}, status=status)


@require_safe
@access.public
def address(request: HttpRequest) -> HttpResponse:
    """Whether an address can be had, while it is typed."""
    slug = request.GET.get("slug", "").replace("\0", "").strip().lower()[:60]
    fault = sign_ups.address_fault(slug) if slug else ""
    return render(request, "site/address.html", {"slug": slug, "fault": fault, "domain": settings.PLATFORM_DOMAIN})


@require_safe
@access.public
def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody."""
    return render(request, "site/sign_up_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
@access.public
@never_cache
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The letter's link: a button that confirms, since programs follow links too; then how far the school is."""
    now = clock.now()
    try:
        if request.method == "POST":
            sign_ups.confirm(token, at=now)
            return HttpResponseRedirect(request.path)
        return _shown(request, sign_ups.by_token(token, at=now))
    except DomainError as error:
        return render(request, "site/sign_up_over.html", {"message": error.message}, status=error.status)


def _shown(request: HttpRequest, sign_up: SignUp) -> HttpResponse:
    school = sign_up.school
    around = {
        "sign_up": sign_up,
        "domain": settings.PLATFORM_DOMAIN,
        "waits": sign_up.state == SignUpState.WAITING,
        "refused": sign_up.state == SignUpState.REFUSED,
        "school_row": school,
        "progress": steps.of(school) if school is not None else None,
        "address": queries.address(school) if school is not None else "",
        "title": _("Setting up %(school)s") % {"school": sign_up.name} if school is not None else sign_up.name,
    }
    part = request.headers.get("HX-Request") and school is not None
    return render(request, f"site/sign_up_link.html{'#steps' if part else ''}", around)
