"""The OpenAPI 3.1 description, read off the resources: parameters, bodies, answers, problems, headers, credentials."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from identity import scopes

F = TypeVar("F", bound=Callable[..., Any])
Serializer = type[serializers.Serializer[Any]]
PROBLEM = {"$ref": "#/components/schemas/Problem"}
SECURITY: tuple[str, ...] = ("apiKey", "oauth2", "session")
READ_HEADERS = ("ETag", "Cache-Control", "Vary")
ALL_HEADERS = ("X-Request-ID", "RateLimit", "RateLimit-Policy")


def writes(accepts: Serializer, answers: Serializer, *, status: int = 200) -> Callable[[F], F]:
    """Describe an act that takes a body."""

    def decorate(act: F) -> F:
        act.described = {"accepts": accepts, "answers": answers, "status": status}  # type: ignore[attr-defined]
        return act

    return decorate


def answers(out: Serializer) -> Callable[[F], F]:
    """Describe a read that is neither a list nor one row of a resource."""

    def decorate(act: F) -> F:
        act.described = {"accepts": None, "answers": out, "status": 200}  # type: ignore[attr-defined]
        return act

    return decorate


def redirects(about: str) -> Callable[[F], F]:
    """Describe an act that sends the caller elsewhere."""

    def decorate(act: F) -> F:
        act.described = {"accepts": None, "answers": None, "status": 302, "about": about}  # type: ignore[attr-defined]
        return act

    return decorate


class Description(AutoSchema):
    """Reads one act of one resource."""

    @property
    def shown(self) -> Any:
        """The view: one of `api.door.Door`'s."""
        return self.view

    def get_summary(self) -> str | None:
        """The first line of the act's docstring."""
        if self.shown.resource and self.shown.action in ("list", "retrieve"):
            words = self.shown.resource.replace("-", " ")
            return f"{words.capitalize()}, a page at a time" if self.shown.action == "list" else f"One of the {words}"
        lines = (self._act().__doc__ or "").strip().splitlines()
        return lines[0].rstrip(".") if lines else None

    def get_description(self) -> str:  # type: ignore[override]
        """What the resource is."""
        return (type(self.shown).__doc__ or "").strip()

    def get_operation_id(self) -> str:
        """Resource and act: stable names for generated clients."""
        return f"{self.get_tags()[0].replace('-', '_')}_{self.shown.action}"

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def get_tags(self) -> list[str]:
        """One tag for each resource."""
        return [self.shown.resource or "me"]

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Any of the three credentials; keys and tokens with the scope."""
        if not self.shown.resource:
            return [{"apiKey": []}, {"oauth2": []}, {"session": []}]
        scope = f"{self.shown.resource}:{'read' if self.method == 'GET' else 'write'}"
        return [{"apiKey": []}, {"oauth2": [scope]}, {"session": []}]

    def get_request_serializer(self) -> Any:
        """What the act accepts."""
        return self._described().get("accepts")

    def get_response_serializers(self) -> Any:
        """What the act answers."""
        if self._lists():
            item = self.resolve_serializer(self.shown.out, "response").ref
            return {200: _page_of(item)}
        if self.shown.action == "retrieve":
            return {200: self.shown.out}
        told = self._described()
        if told["status"] == 302:
            return {302: {"type": "object", "description": told["about"]}}
        return {told["status"]: told["answers"]}

    def get_override_parameters(self) -> list[Any]:
        """The address's id, and the query of a list."""
        found: list[Any] = []
        if "{id}" in self.path:
            found.append(OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The id."))
        if self._lists():
            found += self._of_list()
        if self._lists() or self.shown.action == "retrieve":
            fields = ", ".join(self.shown.out().fields)
            found.append(_query("fields", f"Only these fields, separated by commas, of: {fields}.", {"type": "string"}))
            about = "The ETag that you hold; answered with 304 while it is current."
            found.append(OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description=about))
        if self.method == "POST":
            about = "Repeat the request with the same key, and it takes effect once. Kept for 24 hours."
            found.append(OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=about))
        if self.method in ("PATCH", "PUT", "DELETE"):
            about = "The ETag that you read; answered with 412 when the row has changed since."
            found.append(OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description=about))
        return found

    def _of_list(self) -> list[Any]:
        view = self.shown
        names = [name for known in view.orderings for name in (known, f"-{known}")]
        first = ",".join(view.ordering)
        found = [_query(name, known.about, known.schema) for name, known in view.filters.items()]
        if view.search_about:
            found.append(_query("search", view.search_about, {"type": "string", "maxLength": 200}))
        if names:
            about = f"Fields to order by, separated by commas: {', '.join(names)}. Without it: {first}."
            found.append(_query("ordering", about, {"type": "string"}))
        found.append(
            _query("page_size", "Rows on a page.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50})
        )
        found.append(_query("cursor", "Where the page begins, out of `next` or `previous`.", {"type": "string"}))
        found.append(_query("count", "true adds `count`, the number of all rows.", {"type": "boolean"}))
        return found

    def _lists(self) -> bool:
        return bool(self.shown.resource) and self.shown.action == "list"

    def _act(self) -> Any:
        return getattr(self.shown, self.shown.action)

    def _described(self) -> dict[str, Any]:
        return getattr(self._act(), "described", {})


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add what every operation shares: problems, headers, credentials; and write null as 3.1 does."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _problem()
    components["headers"] = _headers()
    components["responses"] = {
        name: {
            "description": about,
            "content": {"application/problem+json": {"schema": PROBLEM}},
            "headers": _refs(who),
        }
        for name, (about, who) in _REFUSALS.items()
    }
    components["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "A key of the form sk_…, issued by the school."},
        "oauth2": {
            "type": "oauth2",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/oauth/token",
                    "scopes": {name: str(label) for name, label in scopes.all().items()},
                }
            },
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "A signed-in person; writes also send X-CSRFToken.",
        },
    }
    for path, item in result.get("paths", {}).items():
        for method, operation in item.items():
            _complete(path, method, operation)
    result["paths"] = dict(sorted(result.get("paths", {}).items()))
    result["servers"] = [{"url": "/", "description": "The school's own address"}]
    return result


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    for status, answer in answers.items():
        headers = ALL_HEADERS + (READ_HEADERS if method == "get" and status == "200" else ())
        headers += ("ETag", "Location") if status == "201" else ("Location",) if status == "302" else ()
        answer["headers"] = _refs(headers)
        answer["description"] = answer.get("description") or {"200": "Done.", "201": "Made."}.get(status, "Elsewhere.")
        if status == "302":
            answer.pop("content", None)
    refused = ["400", "401", "403", "429"]
    if "{id}" in path:
        refused.append("404")
    if method == "get" and "200" in answers:
        answers["304"] = {"description": "What you hold is current.", "headers": _refs(("ETag",))}
    if method in ("post", "patch", "put"):
        refused += ["409", "413", "415", "422"]
    if method in ("patch", "put"):
        refused.append("412")
    for status in refused:
        answers[status] = {"$ref": f"#/components/responses/Problem{status}"}


def _page_of(item: dict[str, Any]) -> dict[str, Any]:
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {
            "count": {"type": "integer", "description": "Only with ?count=true."},
            "next": link,
            "previous": link,
            "results": {"type": "array", "items": item},
        },
    }


def _query(name: str, about: str, schema: dict[str, Any]) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=about)


def _refs(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{re.sub('[^A-Za-z]', '', name)}"} for name in names}


_REFUSALS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Problem400": ("The request is malformed; `errors` names each field or parameter.", ALL_HEADERS),
    "Problem401": ("No credential, or one that is not known here.", ("X-Request-ID", "WWW-Authenticate")),
    "Problem403": ("The scope is missing, the account may not do this, or the school is closed.", ALL_HEADERS),
    "Problem404": ("Nothing is here, or nothing that you may see.", ALL_HEADERS),
    "Problem409": ("The state of things forbids it now.", ALL_HEADERS),
    "Problem412": ("Somebody changed it since you read it.", ALL_HEADERS),
    "Problem413": ("The body is too large.", ALL_HEADERS),
    "Problem415": ("The body is not JSON.", ALL_HEADERS),
    "Problem422": ("Well-formed, but it cannot be done; or the Idempotency-Key had another body.", ALL_HEADERS),
    "Problem429": ("Too many requests.", (*ALL_HEADERS, "Retry-After")),
}


def _headers() -> dict[str, Any]:
    text = {"type": "string"}
    told = {
        "ETag": "Names this state of the answer.",
        "Cache-Control": "private, no-cache: ask again, with If-None-Match.",
        "Vary": "What the answer depends on.",
        "Location": "The address of what was made, or where to go.",
        "X-Request-ID": "The number of this request, yours if you sent one.",
        "RateLimit": 'What is left: "default";r=<requests>;t=<seconds>.',
        "RateLimit-Policy": 'What is allowed: "default";q=<requests>;w=<seconds>.',
        "Retry-After": "Seconds to wait.",
        "WWW-Authenticate": "Which credential is wanted, and what was wrong (RFC 6750).",
    }
    return {re.sub("[^A-Za-z]", "", name): {"description": about, "schema": text} for name, about in told.items()}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Why a request was refused (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string", "description": "Stable; compare this."},
            "request_id": {"type": "string"},
            "errors": {
                "type": "object",
                "description": "Field or parameter → messages.",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
        },
    }
