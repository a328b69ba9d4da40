"""What a guardian sees: the sheet of details, in the portal or behind the link of a round."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import cache, clock
from core.errors import DomainError, NotFound
from identity.access import allow, public, user_of
from schools.families import checking, policies, queries
from schools.people import queries as people

WINDOW_SECONDS, MOST_SENT = 3600, 30


class TooMany(DomainError):
    """This link was used too often within the hour."""

    status = 429
    code = "too_many"


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_propose)
def mine(request: HttpRequest) -> HttpResponse:
    """The own details and those of the children; what is changed goes to the office."""
    user = user_of(request)
    guardian = people.guardian_of(user)
    if guardian is None:
        raise NotFound(_("No guardian's record belongs to this account."))
    confirmation = queries.open_confirmation_of(guardian)
    blocks = checking.sheet(guardian, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        number = checking.send(guardian, blocks, confirmation, user, clock.now())
        if number is not None:
            messages.success(request, _said(number))
            return redirect("families:mine")
    decided = queries.shown(list(queries.proposals_of(guardian).exclude(state="waiting")[:10]))
    page = {"blocks": blocks, "decided": decided, "confirmation": confirmation}
    return render(request, "families/mine.html", page, status=400 if request.method == "POST" else 200)


def _said(number: int) -> str:
    if not number:
        return _("Thank you. Everything is noted as correct.")
    return ngettext(
        "Thank you. %(n)s change went to the office.", "Thank you. %(n)s changes went to the office.", number
    ) % {"n": number}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The same sheet for whoever holds the link of a round; no account is needed."""
    row = queries.by_token(token)
    if request.method == "POST":
        sent = cache.count(f"families:sent:{row.pk}", WINDOW_SECONDS)
        if sent is not None and sent > MOST_SENT:
            raise TooMany(_("This link was used very often. Try again in an hour."))
    blocks = checking.sheet(row.guardian, request.POST if request.method == "POST" else None)
    done = ""
    if request.method == "POST":
        number = checking.send(row.guardian, blocks, row, row.guardian, clock.now())
        if number is not None:
            done, blocks = _said(number), checking.sheet(queries.by_token(token).guardian)
    page = {"row": row, "blocks": blocks, "done": done}
    wrong = request.method == "POST" and not done
    return render(request, "families/confirm.html", page, status=400 if wrong else 200)
