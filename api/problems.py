"""Every refusal of the API as a problem document (RFC 9457): what, why, which field, which request."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import BadRequest, DisallowedHost, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.exceptions import ValidationError

from core.errors import DomainError, took_too_long

log = logging.getLogger("shule.api")
CONTENT_TYPE = "application/problem+json"
QUOTA = "https://iana.org/assignments/http-problem-types#quota-exceeded"
WHOLE = "body"


class Problem(Exception):
    """A refusal by the door itself: status, stable code, a sentence, fields, and headers that belong to it."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        kind: str = "about:blank",
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.kind = status, code, detail, kind
        self.errors = {field: list(messages) for field, messages in (errors or {}).items()}
        self.headers = dict(headers or {})


def wrong(errors: Mapping[str, Sequence[str]], *, code: str = "invalid") -> Problem:
    """400 that names each field or parameter with what is wrong about it."""
    field, messages = next(iter(errors.items()))
    return Problem(400, code, f"{field}: {messages[0]}" if messages else field, errors=errors)


def of(error: Exception, *, names: Mapping[str, str] | None = None) -> Problem:
    """The problem behind any exception; `names` translates a domain's field names into the API's."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, DomainError):
        known = names or {}
        fields = {known.get(name, WHOLE if name == "__all__" else name): list(m) for name, m in error.errors.items()}
        return Problem(error.status, error.code, error.message, errors=fields)
    if isinstance(error, ValidationError):
        return wrong(flatten(error.detail))
    if isinstance(error, Http404):
        return Problem(404, "not_found", "Nothing is here, or nothing that you may see.")
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too_large", "The body is too large.")
    if isinstance(error, (SuspiciousOperation, BadRequest, DisallowedHost)):
        return Problem(400, "malformed", "The request could not be understood.")
    if isinstance(error, DataError):
        return Problem(400, "invalid", "A value is outside what can be stored.", errors={WHOLE: ["Out of range."]})
    if took_too_long(error):
        log.warning("statement ended")
        return Problem(503, "too_slow", "The database would work on this for too long. Ask for less at once.")
    if isinstance(error, OperationalError):
        log.exception("database away")
        return Problem(503, "unavailable", "Try again in a moment.", headers={"Retry-After": "5"})
    log.exception("api failure")
    return Problem(500, "failure", "Something went wrong on our side. Tell us the request_id.")


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as an answer."""
    body: dict[str, Any] = {
        "type": problem.kind,
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "request_id": getattr(request, "request_id", ""),
    }
    if problem.errors or problem.status == 400:
        body["errors"] = problem.errors
    headers = {"Cache-Control": "no-store", **problem.headers}
    return HttpResponse(orjson.dumps(body), status=problem.status, content_type=CONTENT_TYPE, headers=headers)


def flatten(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """The framework's nested errors as one level: `marks.3.code`."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            path = prefix if name == "non_field_errors" else f"{prefix}.{name}" if prefix else str(name)
            found.update(flatten(inner, path))
        return found
    if isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        found = {}
        for number, item in enumerate(detail):
            found.update(flatten(item, f"{prefix}.{number}" if prefix else str(number)))
        return found
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or WHOLE: [str(message) for message in messages]} if messages else {}
