"""One address for every list and every kind of file."""

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import NotAllowed, NotFound
from identity.access import allow, user_of
from schools.exports import policies, services, sheets, writing
from web.chosen import ids


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_export)
def take_home(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The list as its page shows it, or the chosen rows of it, as a file."""
    user = user_of(request)
    sheet = sheets.get(key)
    if not sheet.allowed(user):
        raise NotAllowed("Your account may not take this list home.")
    if kind not in writing.KINDS:
        raise NotFound("A list comes as csv, xlsx or pdf.")
    chosen = ids(request) if request.method == "POST" else None
    content, rows = writing.write(kind, str(sheet.label), sheet.table(user, request.GET, chosen))
    services.note(key=key, kind=kind, rows=rows, asked=request.GET.urlencode(), by=user, at=clock.now())
    answer = HttpResponse(content, content_type=writing.KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{slugify(str(sheet.label)) or "list"}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer
