"""The platform's own trail, and the proof that nobody altered it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from audit import chain
from audit.models import Entry, Seal
from console import telling
from console.policies import may_operate
from identity.access import allow

PAGE = 50
LONGEST = 100


@require_safe
@allow(may_operate)
def index(request: HttpRequest) -> HttpResponse:
    """What operators and the platform did, newest first."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    entries = Entry.objects.order_by("-at", "-pk")
    if words:
        entries = entries.filter(
            Q(actor_name__icontains=words) | Q(object_name__icontains=words) | Q(action__icontains=words)
        )
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    around = {
        "page_obj": page,
        "lines": [telling.line(entry) for entry in page.object_list],
        "words_asked": words,
        "last": Seal.objects.order_by("-number").first(),
        "open_entries": Entry.objects.filter(seal_number=None).count(),
    }
    return render(request, "console/trail.html", around)


@require_POST
@allow(may_operate)
def verify(request: HttpRequest) -> HttpResponse:
    """Seal what is new, then check every seal of the platform's trail."""
    while chain.seal():
        pass
    faults = list(chain.verify())
    if faults:
        told = "; ".join(_("seal %(n)s: %(what)s") % {"n": f.seal, "what": f.what} for f in faults[:5])
        said = ngettext("The trail was altered in %(n)s place", "The trail was altered in %(n)s places", len(faults))
        messages.error(request, f"{said % {'n': len(faults)}}: {told}")
    else:
        messages.success(request, _("The trail is as it was written."))
    return HttpResponseRedirect(reverse("console:trail"))
