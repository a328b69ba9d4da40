"""Who changed what, for the head."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from identity import access
from schools.home import policies, trail
from schools.home.forms import TrailForm
from schools.home.pages.settings import page


@require_safe
@access.allow(policies.may_read_trail)
def changes(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, by person, thing and day."""
    form = TrailForm(request.GET)
    fine = form.is_valid()
    asked = {key: value for key, value in form.cleaned_data.items() if value}
    chosen = request.GET.get("object", "").replace("\0", "")[:130]
    entries = trail.search(trail.visible_to(access.user_of(request)), trail.Wanted(**asked, object=chosen))
    lines, following = trail.page(entries, request.GET.get("before", ""))
    kept = {**asked, "object": chosen} if chosen else asked
    around = {
        "form": form,
        "lines": lines,
        "object": chosen,
        "object_name": lines[0].thing if chosen and lines else "",
        "filtered": bool(kept),
        "paged": bool(request.GET.get("before")),
        "earlier": urlencode({**kept, "before": following}) if following else "",
        "newest": urlencode(kept),
    }
    return page(request, "trail", around, tab="trail", status=200 if fine else 400)
