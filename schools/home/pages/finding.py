"""Find anything: a page of its own, and the part of it that the palette asks for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from identity import access
from web import search

IN_PALETTE, ON_PAGE = 6, 20


@require_safe
@access.signed_in
def find(request: HttpRequest) -> HttpResponse:
    """What this person may see that holds every word of `?q=`."""
    partial = request.headers.get("HX-Request") == "true"
    asked = request.GET.get("q", "")[: search.LONGEST].replace("\0", "").strip()
    groups = search.for_user(access.user_of(request), asked, limit=IN_PALETTE if partial else ON_PAGE)
    template = "home/search/groups.html" if partial else "home/search/page.html"
    around = {"groups": groups, "asked": asked, "looked_for": search.words_of(asked)}
    response = render(request, template, around)
    patch_vary_headers(response, ("HX-Request",))
    response["Cache-Control"] = "private, no-store"
    return response
