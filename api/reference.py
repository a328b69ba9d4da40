"""The browsable page of the API: the OpenAPI document told resource by resource, with examples."""

import dataclasses
import functools
import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api import description
from identity.access import public

EXAMPLE_ID = "01936b2e-7c1d-7a40-9f00-3c5a8e2d4b17"
EXAMPLES: dict[str, Any] = {
    "uuid": EXAMPLE_ID,
    "date": "2026-03-14",
    "date-time": "2026-03-14T06:30:00.000000Z",
    "uri": "https://…",
    "email": "akinyi@example.org",
}
WORDS: dict[str, Any] = {
    "admission_number": "A2302",
    "first_name": "Amani",
    "middle_name": "Wanjiru",
    "last_name": "Barasa",
    "name": "Grade 6 East",
    "phone": "+254722418093",
    "code": "P",
    "grade": "EE2",
    "staff_number": "T014",
    "next": None,
    "previous": None,
}
REFUSALS = ("400", "401", "403", "404", "409", "412", "413", "415", "422", "429")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of a table: a query parameter, a header, a field of a body or of an answer."""

    name: str
    kind: str
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One operation, as the page tells it."""

    key: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: tuple[Parameter, ...]
    body: tuple[Parameter, ...]
    answer: str
    sent: str
    refusals: str

    @property
    def reads(self) -> bool:
        """Can be tried from the page."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One resource."""

    name: str
    about: str
    fields: tuple[Parameter, ...]
    acts: tuple[Act, ...]


@public
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page: what there is, how to ask for it, what comes back; GETs can be tried by whoever is signed in."""
    base = f"{request.scheme}://{request.get_host()}"
    signed_in = request.user.is_authenticated
    return render(request, "api/docs.html", {"chapters": chapters(), "base": base, "signed_in": signed_in})


@functools.cache
def chapters() -> tuple[Chapter, ...]:
    """Every resource in the order of the document."""
    document = description.document()
    found: dict[str, list[Act]] = {}
    about: dict[str, str] = {}
    fields: dict[str, tuple[Parameter, ...]] = {}
    paths: dict[str, dict[str, Any]] = document["paths"]  # type: ignore[assignment]
    for path, item in paths.items():
        for method, operation in item.items():
            tag = operation["tags"][0]
            found.setdefault(tag, []).append(_act(document, path, method, operation))
            about.setdefault(tag, operation.get("description", ""))
            shown = _shown(document, operation)
            if tag not in fields and shown:
                fields[tag] = tuple(dataclasses.replace(row, required=False) for row in _rows(document, shown))
    return tuple(Chapter(tag, about[tag], fields.get(tag, ()), tuple(acts)) for tag, acts in found.items())


def _act(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Act:
    parameters = tuple(
        Parameter(p["name"], _kind(document, p["schema"]), p.get("description", ""), p.get("required", False))
        for p in operation.get("parameters", [])
        if p["in"] != "path"
    )
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = content.get("schema")
    sent = json.dumps(_example(document, body), indent=2, ensure_ascii=False) if body else ""
    answers = operation["responses"]
    good: dict[str, Any] = next((answers[s] for s in ("200", "201") if s in answers), {})
    shown = good.get("content", {}).get("application/json", {}).get("schema")
    scopes = [scope for way in operation.get("security", []) for scope in way.get("oauth2", [])]
    return Act(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        scope=", ".join(scopes),
        parameters=parameters,
        body=_rows(document, body) if body else (),
        answer=json.dumps(_example(document, shown), indent=2, ensure_ascii=False) if shown else "",
        sent=sent,
        refusals=", ".join(status for status in REFUSALS if status in answers),
    )


def _shown(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of one row, out of a list's or a single answer."""
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    schema = _plain(document, content.get("schema") or {})
    results = schema.get("properties", {}).get("results")
    return results["items"] if results else (schema or None)


def _rows(document: dict[str, Any], schema: dict[str, Any]) -> tuple[Parameter, ...]:
    plain = _plain(document, schema)
    required = plain.get("required", [])
    return tuple(
        Parameter(name, _kind(document, inner), _plain(document, inner).get("description", ""), name in required)
        for name, inner in plain.get("properties", {}).items()
    )


def _plain(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without references; of alternatives the first that is not null."""
    while True:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = {**document["components"]["schemas"][name], **{k: v for k, v in schema.items() if k != "$ref"}}
            continue
        for way in ("allOf", "oneOf", "anyOf"):
            if way in schema:
                kept = {k: v for k, v in schema.items() if k != way}
                chosen: dict[str, Any] = next((one for one in schema[way] if one.get("type") != "null"), {})
                schema = {**chosen, **kept}
                break
        else:
            return schema


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    plain = _plain(document, schema)
    if "enum" in plain:
        return " · ".join(str(value) for value in plain["enum"] if value not in ("", None))
    kind = plain.get("type", "any")
    kinds = [one for one in (kind if isinstance(kind, list) else [kind]) if one != "null"]
    word = str(plain.get("format") or (kinds[0] if kinds else "any"))
    if word == "array":
        return f"list of {_kind(document, plain.get('items', {}))}"
    return {"uuid": "id", "string": "text", "date-time": "moment", "uri": "address"}.get(word, word)


def _example(document: dict[str, Any], schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    plain = _plain(document, schema)
    kind = plain.get("type", "object")
    kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
    if name in WORDS and kind == "string":
        return WORDS[name]
    if "enum" in plain:
        return plain["enum"][0]
    if kind == "object":
        inner = plain.get("properties", {})
        return {key: _example(document, value, key, depth + 1) for key, value in inner.items() if key != "count"}
    if kind == "array":
        return [_example(document, plain.get("items", {}), name, depth + 1)] if depth < 6 else []
    if kind == "string":
        return EXAMPLES.get(plain.get("format", ""), name.replace("_", " ") or "…")
    return {"integer": 1, "number": 41, "boolean": True}.get(kind)
