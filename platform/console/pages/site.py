"""The platform's own page: what it is, the way to one's school, and whom to ask for a new one."""

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from identity import access
from tenants import queries

LONGEST = 100
_SCHOOLS = f"{settings.SCHEME}://*.{settings.PLATFORM_DOMAIN}{settings.PORT_SUFFIX}"


@require_safe
@access.public
@csp_update({"form-action": [_SCHOOLS]})
def front(request: HttpRequest) -> HttpResponse:
    """What the platform is."""
    return _page(request, "", [])


@require_safe
@access.public
@csp_update({"form-action": [_SCHOOLS]})
def find(request: HttpRequest) -> HttpResponse:
    """To the school whose address or whole name was typed; else those that it may be."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    school = queries.open_by_address(asked) if asked else None
    if school is not None:
        return HttpResponseRedirect(f"{queries.address(school)}/")
    return _page(request, asked, queries.open_by_words(asked))


def _page(request: HttpRequest, asked: str, schools: list[Any]) -> HttpResponse:
    around = {
        "asked": asked,
        "found": [(school, queries.address(school)) for school in schools],
        "domain": settings.PLATFORM_DOMAIN,
        "contact": settings.PLATFORM_CONTACT,
    }
    return render(request, "site/front.html", around, status=404 if asked and not schools else 200)
