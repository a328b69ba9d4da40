"""Host to school, before anything of a school is touched."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect

from core import scope
from monitoring import logging as logs
from tenants import refusals, resolve
from tenants.models import State

Next = Callable[[HttpRequest], HttpResponse]
_LOOPBACK = ("127.0.0.1", "localhost")
_SAFE = ("GET", "HEAD", "OPTIONS")


def enter_school(get_response: Next) -> Next:
    """Choose URL map and schema by host alone; refuse unknown hosts, suspended schools and writes to read-only ones."""

    def middleware(request: HttpRequest) -> HttpResponse:
        raw = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        name, _colon, port = raw.partition(":")
        if name in _LOOPBACK:
            return HttpResponseRedirect(settings.PUBLIC_URL)
        found = resolve.host(raw)
        if found.moved_to:
            suffix = f":{port}" if port.isdigit() else ""
            return _moved(f"{request.scheme}://{found.moved_to}{suffix}{request.get_full_path()}")
        if found.scope is None:
            return refusals.unknown_host(request)
        with scope._entered(found.scope):
            if found.scope.is_public:
                request.urlconf = "config.urls_public"
                return get_response(request)
            request.urlconf = "config.urls_school"
            logs.bind(school=found.scope.slug)
            if found.scope.state == State.SUSPENDED:
                return refusals.suspended(request)
            if found.scope.state in (State.ARCHIVED, State.ERASING):
                return refusals.put_away(request)
            if found.scope.state == State.READ_ONLY and request.method not in _SAFE and not _signs_in(request):
                return refusals.read_only(request)
            return get_response(request)

    return middleware


def _signs_in(request: HttpRequest) -> bool:
    return request.path in ("/sign-in/", "/sign-out/", "/theme/", "/language/", "/oauth/token")


def _moved(to: str) -> HttpResponse:
    response = HttpResponsePermanentRedirect(to)
    response.status_code = 308
    return response
