"""What a host answers when no school can: unknown, suspended, put away, read-only, too busy."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from core import scope
from web import errors


def unknown_host(request: HttpRequest) -> HttpResponse:
    """No school and no platform lives here."""
    if _wants_problem(request):
        return _problem(request, 404, "unknown_host", _("No school lives at this address."))
    return errors.unknown_host(request, host=request.META.get("HTTP_HOST", "")[:253], public_url=settings.PUBLIC_URL)


def suspended(request: HttpRequest) -> HttpResponse:
    """The school is closed for now, and its data is safe."""
    school = scope.current_school()
    if _wants_problem(request):
        return _problem(request, 403, "school_suspended", _("This school is suspended."))
    return errors.suspended(request, school_name=school.name, reason=str(school.facts.get("state_reason", "")))


def put_away(request: HttpRequest) -> HttpResponse:
    """The school is archived, or on its way to be erased: nobody enters, and no table of it is touched."""
    school = scope.current_school()
    if _wants_problem(request):
        return _problem(request, 403, f"school_{school.state}", _("This school is not on the platform at present."))
    return errors.put_away(request, school_name=school.name, contact=settings.PLATFORM_CONTACT)


def read_only(request: HttpRequest) -> HttpResponse:
    """The school may be read and not changed."""
    if _wants_problem(request):
        return _problem(request, 403, "school_read_only", _("This school is read-only for now."))
    return errors.read_only(request)


def throttled(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """The school asks for more than its share; the others go on."""
    if _wants_problem(request):
        response = _problem(request, 429, "school_throttled", _("This school asks for more than its share."))
    else:
        response = errors.throttled(request, seconds=seconds + 2)  # a page is in less of a hurry
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def _wants_problem(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/oauth/", "/ims/"))


def _problem(request: HttpRequest, status: int, code: str, title: str) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": title,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
