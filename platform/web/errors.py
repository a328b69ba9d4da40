"""Pages for what went wrong; each says what to do next, and none of them needs the database."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language

from web import context, language, school


def _page(
    request: HttpRequest | None, name: str, status: int, words: dict[str, Any], *, safe: bool = False
) -> HttpResponse:
    """Draw an error page without context processors, so that a failing one cannot hide the first error."""
    around: dict[str, Any] = {
        "lang": get_language() or settings.LANGUAGE_CODE,
        "theme": context.theme_of(request) if request is not None else "",
        "platform_name": getattr(settings, "PLATFORM_NAME", "Shule"),
        "school": None if safe else _school_or_none(),
        "home": "/console/" if request is not None and request.path.startswith("/console/") else "/",
    }
    return HttpResponse(render_to_string(f"web/errors/{name}.html", {**around, **words}), status=status)


def _school_or_none() -> school.Facts | None:
    """The school's crest where it can be had; an error page never fails for want of it."""
    try:
        return school.current()
    except Exception:  # the page tells of another failure, and must come out without a database too
        return None


def not_allowed(request: HttpRequest, exception: Exception | None = None, *, reason: str = "") -> HttpResponse:
    """403: signed in, but this is not theirs (`handler403`)."""
    return _page(request, "403", 403, {"reason": reason})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is gone (`CSRF_FAILURE_VIEW`)."""
    return _page(request, "403_csrf", 403, {"path": request.path})


def not_found(request: HttpRequest, exception: Exception | None = None, *, reason: str = "") -> HttpResponse:
    """404: nothing there, or nothing for this person (`handler404`)."""
    return _page(request, "404", 404, {"reason": reason})


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault, with the request's number to tell us (`handler500`)."""
    return _page(request, "500", 500, {"request_id": getattr(request, "request_id", "")}, safe=True)


def suspended(request: HttpRequest, *, school_name: str, reason: str = "", contact: str = "") -> HttpResponse:
    """403: the school is suspended; its own people learn what that means for them."""
    return _page(
        request, "suspended", 403, {"school_name": school_name, "reason": reason, "contact": contact}, safe=True
    )


def put_away(request: HttpRequest, *, school_name: str, contact: str = "") -> HttpResponse:
    """403: the school is archived or leaves the platform."""
    return _page(request, "put_away", 403, {"school_name": school_name, "contact": contact}, safe=True)


def unknown_host(request: HttpRequest, *, host: str = "", public_url: str = "") -> HttpResponse:
    """404: no school has this host."""
    return _page(request, "unknown_host", 404, {"host": host, "public_url": public_url}, safe=True)


def read_only(request: HttpRequest) -> HttpResponse:
    """403: a write was refused because the school is read-only."""
    return _page(request, "read_only", 403, {})


def throttled(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """429: the whole school asks for more than its share; the page asks again by itself, unless something was sent."""
    again = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    with translation.override(language.before_sign_in(request)):
        return _page(request, "throttled", 429, {"seconds": seconds, "again": again}, safe=True)


def too_slow(request: HttpRequest) -> HttpResponse:
    """503: the database would have worked on this for too long."""
    return _page(request, "too_slow", 503, {"request_id": getattr(request, "request_id", "")}, safe=True)
