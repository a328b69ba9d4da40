"""`/oauth/token`: a client's id and secret for an access token of an hour (RFC 6749, section 4.4)."""

import hashlib

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.oauth2_backends import get_oauthlib_core

from api import throttling
from api.problems import Problem
from core import cache
from identity.access import public

FORM = "application/x-www-form-urlencoded"
LONGEST_BODY = 16 * 1024
NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@public
@csrf_exempt
def give(request: HttpRequest) -> HttpResponse:
    """An access token, or an RFC 6749 error."""
    if request.method != "POST":
        return _refusal(405, "invalid_request", "Send a POST.", {"Allow": "POST"})
    if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM:
        return _refusal(400, "invalid_request", f"Send the body as {FORM}.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LONGEST_BODY:
        return _refusal(413, "invalid_request", "The body is too large.")
    try:
        left = _count(request)
    except Problem as problem:
        return _refusal(429, "temporarily_unavailable", problem.detail, problem.headers)
    if any("\0" in value for values in request.POST.lists() for value in [values[0], *values[1]]):
        return _refusal(400, "invalid_request", "Null characters are not allowed.", left)
    if request.POST.get("grant_type", "") not in ("", "client_credentials"):
        return _refusal(400, "unsupported_grant_type", _WORDS["unsupported_grant_type"], left)
    _url, _headers, body, status = get_oauthlib_core().create_token_response(request)
    told = orjson.loads(body)
    if status != 200:
        challenge = {"WWW-Authenticate": 'Basic realm="token"'} if told.get("error") == "invalid_client" else {}
        description = told.get("error_description") or _WORDS.get(told.get("error", ""), "")
        return _refusal(status, told.get("error", "invalid_request"), description, {**left, **challenge})
    told = {name: told[name] for name in ("access_token", "token_type", "expires_in", "scope") if name in told}
    return HttpResponse(orjson.dumps(told), content_type="application/json", headers={**NEVER_KEPT, **left})


_WORDS = {
    "invalid_client": "The client is not known here, or its secret is wrong.",
    "unauthorized_client": "This client may not use this grant.",
    "unsupported_grant_type": "The only grant is client_credentials.",
    "invalid_scope": "The client was not granted one of these scopes.",
}


def _count(request: HttpRequest) -> dict[str, str]:
    """Attempts in a minute, by the caller's address: a guess costs as much as a success."""
    number, left = throttling.window()
    who = f"token:{hashlib.sha256(request.META.get('REMOTE_ADDR', '').encode()).hexdigest()[:16]}"
    counted, _found = cache.glance(throttling.counter(who, number), 2 * throttling.WINDOW, ["-"])
    used = counted if counted is not None else throttling.alone(who, number)
    quota: int = settings.API_TOKENS_PER_MINUTE
    said = {
        "RateLimit-Policy": f'"token";q={quota};w={throttling.WINDOW}',
        "RateLimit": f'"token";r={max(quota - used, 0)};t={left}',
    }
    if used > quota:
        raise throttling.exceeded(left, said)
    return said


def _refusal(status: int, error: str, description: str, headers: dict[str, str] | None = None) -> HttpResponse:
    body = {"error": error, "error_description": description}
    return HttpResponse(
        orjson.dumps(body), status=status, content_type="application/json", headers={**NEVER_KEPT, **(headers or {})}
    )
