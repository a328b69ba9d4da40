"""Find anything, from the palette: schools, and what can be done for the one that is found."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from console import listing
from console.policies import may_operate
from identity.access import allow
from tenants import queries

MOST = 8


@require_safe
@allow(may_operate)
def find(request: HttpRequest) -> HttpResponse:
    """The groups of the palette; without it, the list itself."""
    asked = listing.Asked.read(request.GET)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{reverse('console:schools')}?{asked.query}")
    found = [listing.row(school) for school in queries.schools(search=asked.words)[:MOST]] if asked.words else []
    return render(request, "console/found.html", {"rows": found, "only": found[0] if len(found) == 1 else None})
