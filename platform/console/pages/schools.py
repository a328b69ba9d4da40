"""The list of schools."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from console import listing, overview
from console.policies import may_operate
from identity.access import allow
from tenants import queries
from tenants.models import State
from web import csvfile

BATCH = 500


@require_safe
@allow(may_operate)
def index(request: HttpRequest) -> HttpResponse:
    """Every school with its state and what it uses; the counts are those that the schools pushed."""
    asked = listing.Asked.read(request.GET)
    numbers = queries.count_by_state()
    page = Paginator(asked.schools(), listing.PAGE).get_page(request.GET.get("page"))
    used = queries.totals()
    whole = sum(numbers.values())
    around = {
        "asked": asked,
        "page_obj": page,
        "rows": [listing.row(school) for school in page.object_list],
        "states": [(str(state.label), state.value, numbers[state]) for state in State if numbers.get(state)],
        "whole": whole,
        "used": used,
        "gauges": overview.gauges(numbers),
        "meta": " · ".join(
            [
                ngettext("%(n)s school", "%(n)s schools", whole) % {"n": f"{whole:,}"},
                ngettext("%(n)s student", "%(n)s students", used["students"]) % {"n": f"{used['students']:,}"},
            ]
        ),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target", "").endswith("found")
    return render(request, f"console/schools.html{'#found' if part else ''}", around)


@require_safe
@allow(may_operate)
def download(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    found = list(listing.Asked.read(request.GET).schools())
    batches = [csvfile.lines(listing.cells(found[at : at + BATCH])) for at in range(0, len(found), BATCH)]
    return cast(HttpResponse, csvfile.response(_("Schools"), listing.head(), iter(batches)))
