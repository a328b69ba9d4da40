"""Requests made up from the API's own description: none of them is ever answered with an error of ours.

Few and always the same ones in the suite; many, and new ones, by `make fuzz` (FUZZ=<requests of each kind>).
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api import description
from api.v1.urls import RESOURCES
from tests.cast import Cast, Company
from tests.permissions import objects

FUZZ = int(os.environ.get("FUZZ", "0"))
SCHEMA = schemathesis.openapi.from_dict(description.document())
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
MODES = {"fitting": GenerationMode.POSITIVE, "not fitting": GenerationMode.NEGATIVE}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PROBLEM = {"type", "title", "status", "detail", "code", "request_id"}
OWN = {
    "students": "student", "guardians": "guardian", "staff": "staff", "classes": "class", "teaching-groups": "group",
    "subjects": "subject", "terms": "term", "enrolments": "enrolment", "attendance-registers": "register",
    "assessments": "assessment", "marks": "mark", "grading-scales": "scale",
    "academic-years": "year", "alerts": "alert", "announcements": "notice", "applications": "application",
    "bulk-actions": "bulk",
    "consents": "consent", "documents": "document", "grade-levels": "level", "guardianships": "guardianship",
    "holidays": "holiday", "households": "household", "houses": "house", "leave-requests": "leave",
    "letters": "letter", "streams": "stream", "student-identifiers": "number",
    "courses": "course", "curricula": "version", "option-blocks": "block", "transfers": "transfer",
}  # fmt: skip


class _Undone(Exception):
    """What one request wrote is undone before the next."""


def made_up(operation: Any, mode: GenerationMode, ids: dict[str, str]) -> st.SearchStrategy[Any]:
    """Requests of one operation, half of which name rows that are there."""

    def meant(case: Any, about: list[bool]) -> Any:
        resource = case.path.split("/")[3]
        if about[0] and "{id}" in case.path:
            case.path_parameters["id"] = ids[OWN[resource]]
        if about[1] and isinstance(case.body, (dict, list)):
            case.body = _naming(case.body, ids)
        return case

    flags = st.lists(st.booleans(), min_size=2, max_size=2)
    return st.builds(meant, operation.as_strategy(generation_mode=mode), flags)


def _naming(value: Any, ids: dict[str, str]) -> Any:
    """The same body with the school's own ids wherever a field is called like one of its things."""
    if isinstance(value, list):
        return [_naming(one, ids) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: ids[name] if name in ids and isinstance(held, str) else _naming(held, ids) for name, held in value.items()
    }


@pytest.fixture(autouse=True)
def _one_connection(cast: Cast) -> Iterator[None]:
    """The test's transaction outlives each request, as it does under Django's own test client."""
    for moment in (signals.request_started, signals.request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (signals.request_started, signals.request_finished):
        moment.connect(close_old_connections)


@pytest.fixture
def ids(life: Company) -> dict[str, str]:
    """One of everything at Mwangaza."""
    return objects.make(life)


def test_every_resource_is_asked(life: Company) -> None:
    asked = {label.split("/")[3] for label in OPERATIONS}
    assert asked >= {one.resource for one in RESOURCES}
    assert asked - {"me"} == set(OWN)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_a_made_up_request_gets_the_answer_that_the_description_promises(
    office: Client, ids: dict[str, str], settings: Any, label: str, mode: str
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10_000_000
    handler = WSGIHandler()
    headers = {"Authorization": f"Bearer {office.key}", "Accept-Encoding": "identity"}
    base = f"http://{host_of(office)}"

    def ask(case: Any) -> None:
        try:
            with transaction.atomic():
                answer = case.call(base_url=base, headers=headers, app=handler)
                case.validate_response(answer, checks=CHECKS)
                if answer.status_code >= 400:
                    problem(answer)
                raise _Undone
        except _Undone:
            pass

    repeatedly(ask, made_up(OPERATIONS[label], MODES[mode], ids), 6 if OPERATIONS[label].method != "get" else 3)


def host_of(client: Client) -> str:
    """The host that a test client speaks to."""
    return str(client.defaults["HTTP_HOST"])


def problem(answer: Any) -> None:
    """A refusal has the contract's form."""
    assert answer.headers["content-type"] == ["application/problem+json"], answer.headers
    told = orjson.loads(answer.content)
    assert set(told) >= PROBLEM, told
    assert told["status"] == answer.status_code
    assert told["request_id"] == answer.headers["x-request-id"][0]
    if answer.status_code == 400:
        assert told["code"] and told["detail"]


def repeatedly(ask: Callable[[Any], None], requests: st.SearchStrategy[Any], number: int) -> None:
    """The same few requests every time, or many new ones."""
    run = given(requests)(ask)
    settings(
        max_examples=FUZZ or number,
        derandomize=not FUZZ,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(run)()
