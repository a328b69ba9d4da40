"""The API's description for programs and people, open to everyone, and the answer at addresses that do not exist."""

import functools
from typing import Any

import orjson
import yaml
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator

from api import etags, problems
from api.problems import Problem
from identity.access import public

YAML = "application/vnd.oai.openapi"
JSON = "application/vnd.oai.openapi+json"


@functools.cache
def document() -> dict[str, object]:
    """The OpenAPI document: the same for every school of this version of the platform."""
    addresses = [path("api/v1/", include("api.v1.urls"))]
    generator: Any = SchemaGenerator
    found = generator(api_version="v1", patterns=addresses).get_schema(public=True)
    return orjson.loads(orjson.dumps(found))  # type: ignore[no-any-return]


@functools.cache
def written(format: str) -> bytes:  # noqa: A002 - the address's own word
    """The document as JSON or YAML."""
    if format == "json":
        return orjson.dumps(document(), option=orjson.OPT_INDENT_2)
    return yaml.safe_dump(document(), sort_keys=False, allow_unicode=True).encode()


@public
@csrf_exempt
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, as YAML, or as JSON with `?format=json`."""
    try:
        if request.method not in ("GET", "HEAD"):
            raise Problem(405, "method_not_allowed", "Read it with GET.", headers={"Allow": "GET, HEAD"})
        format = request.GET.get("format", "yaml")  # noqa: A001 - the address's own word
        if set(request.GET) - {"format"} or format not in ("yaml", "json"):
            raise problems.wrong({"format": ["Must be yaml or json."]}, code="invalid_query")
    except Problem as problem:
        return problems.answer(request, problem)
    body = written(format)
    tag = etags.of_bytes(body)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if etags.matches(etags.held(request), tag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type=JSON if format == "json" else YAML, headers=headers)


@public
@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """404 as a problem document."""
    hint = "" if request.path.endswith("/") else " Addresses end with a slash."
    return problems.answer(request, Problem(404, "not_found", f"Nothing is at this address.{hint}"))
