"""What happens to every answer: compression, content policy, language, refusals as pages."""

import gzip
import secrets
from collections.abc import Callable
from typing import cast

import brotli
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.errors import DomainError, took_too_long
from web import errors, language

Next = Callable[[HttpRequest], HttpResponse]
SMALLEST = 400
_TEXT = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/vnd.oai",
    "image/svg",
    "application/manifest",
)


def compress(get_response: Next) -> Next:
    """Brotli or gzip for text, with padding of chance length where a page may hold secrets (BREACH)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.streaming or response.has_header("Content-Encoding") or len(response.content) < SMALLEST:
            return response
        kind = response.get("Content-Type", "")
        if not kind.startswith(_TEXT):
            return response
        if "Accept-Encoding" not in response.get("Vary", ""):
            patch_vary_headers(response, ("Accept-Encoding",))
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        body = response.content
        if kind.startswith("text/html"):
            body += b"<!--" + secrets.token_hex(secrets.randbelow(32) + 1).encode() + b"-->"
        if "br" in accepted:
            response.content = brotli.compress(body, quality=4)
            response["Content-Encoding"] = "br"
        elif "gzip" in accepted:
            response.content = gzip.compress(body, compresslevel=5)
            response["Content-Encoding"] = "gzip"
        else:
            return response
        response["Content-Length"] = str(len(response.content))
        tag = response.get("ETag", "")
        if tag and not tag.startswith("W/"):
            response["ETag"] = f"W/{tag}"
        return response

    return middleware


def content_security_policy(get_response: Next) -> Next:
    """The policy with its nonce for pages; nothing at all may load from an answer of the API."""
    paged = CSPMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/api/v1/docs/", "/api/docs/")) or not request.path.startswith(
            ("/api/", "/oauth/")
        ):
            return cast(HttpResponse, paged(request))
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        return response

    return middleware


def choose_language(get_response: Next) -> Next:
    """Words, dates and numbers as the reader knows them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = language.of(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        try:
            response = get_response(request)
        finally:
            translation.deactivate()
        response.headers.setdefault("Content-Language", chosen)
        return response

    return middleware


def name_the_reader(get_response: Next) -> Next:
    """Say whose page it is, so that the service worker never shows one person's kept pages to another."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and response.get("Content-Type", "").startswith("text/html"):
            response.headers["X-Reader"] = str(request.user.pk)
        return response

    return middleware


def turn_refusals_into_pages(get_response: Next) -> Next:
    """A refusal that no page caught, of a domain or of the database, becomes a page with its status."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    setattr(middleware, "process_exception", _page_of)  # noqa: B010
    return middleware


def _page_of(request: HttpRequest, error: Exception) -> HttpResponse | None:
    if took_too_long(error):
        return errors.too_slow(request)
    if not isinstance(error, DomainError):
        return None
    if error.status == 404:
        return errors.not_found(request, error, reason=error.message)
    response = errors.not_allowed(request, error, reason=error.message)
    response.status_code = error.status
    return response
