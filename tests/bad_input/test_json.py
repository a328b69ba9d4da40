"""Bodies that are no JSON of ours, sent to every address of both APIs that takes one: refused, and nothing written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from api import description, scopes
from core import clock
from identity import accounts
from tenants import context
from tests.cast import Cast
from tests.permissions import objects

Content = Callable[[], dict[str, str]]
JSON = "application/json"
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
WRITES = sorted(
    (method.upper(), path)
    for path, item in description.document()["paths"].items()  # type: ignore[attr-defined]
    for method in item
    if method in ("post", "patch", "put")
)
PLATFORM = [
    ("POST", "/api/platform/v1/schools/"),
    ("POST", "/api/platform/v1/schools/mwangaza/suspend/"),
    ("POST", "/api/platform/v1/schools/mwangaza/read-only/"),
]
MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}
BODIES: dict[str, tuple[bytes, str, set[int]]] = {
    "nothing": (b"", JSON, {400}),
    "half an object": (b'{"name": "A"', JSON, {400}),
    "two objects": (b"{}{}", JSON, {400}),
    "null": (b"null", JSON, {400}),
    "a list": (b"[{}]", JSON, {400}),
    "text": (b'"name"', JSON, {400}),
    "NaN": (b'{"name": NaN}', JSON, {400}),
    "Infinity": (b'{"maximum": Infinity, "score": -Infinity}', JSON, {400}),
    "a number of no type": (b'{"maximum": 1e999999, "number": ' + b"9" * 5000 + b"}", JSON, {400}),
    "half a letter": (b'{"name": "\\ud800", "first_name": "\\udfff\\ud800"}', JSON, {400}),
    "letters of no encoding": (b'{"name": "\xff\xfe"}', JSON, {400}),
    "UTF-16": ('{"name": "A"}'.encode("utf-16"), JSON, {400}),
    "a deep list": (b'{"name": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", JSON, {400}),
    "a deep object": (b'{"a":' * 900 + b"1" + b"}" * 900, JSON, {400}),
    "unknown fields": (b'{"is_superuser": true, "__class__": "x", "roles": ["operator"], "": 1}', JSON, {400}),
    "a hundred thousand fields": (b"{" + b",".join(b'"f%d":1' % n for n in range(90_000)) + b"}", JSON, {400, 413}),
    "one name twice": (b'{"colour": 1, "colour": 2}', JSON, {400}),
    "days that are none": (
        b'{"date": "2026-02-30", "date_of_birth": "0000-00-00", "starts_on": "9999-99-99", "admitted_on": "now"}',
        JSON,
        {400},
    ),
    "more than a megabyte": (b'{"name": "' + b"x" * 1_100_000 + b'"}', JSON, {413}),
    "a form": (b"name=A", "application/x-www-form-urlencoded", {415}),
    "XML": (b"<a/>", "application/xml", {415}),
    "no type": (b'{"name": "A"}', "", {415}),
    "a type that is none": (b'{"name": "A"}', "application/json/x;;;=", {415}),
    "a file": (b"--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--", "multipart/form-data; boundary=x", {415}),
}  # fmt: skip


@pytest.fixture
def program(cast: Cast) -> Client:
    """A program of Mwangaza with every scope."""
    with context.in_school(cast.mwangaza.school):
        user = accounts.service_account(name="Fuzz", roles=["head"], by=None, at=clock.now())
        _row, key = accounts.issue_key(user=user, name="k", scopes=scopes.every(), by=None, at=clock.now())
    host = f"mwangaza.{settings.PLATFORM_DOMAIN}"
    found = Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {key}", raise_request_exception=False)
    found.get("/api/v1/me/")  # its first use is noted
    return found


def refused(caller: Client, method: str, path: str, what: str) -> None:
    body, kind, statuses = BODIES[what]
    answer: Any = caller.generic(method, path, body, content_type=kind)
    assert answer.status_code in statuses, f"{method} {path}: {what}: {answer.status_code} {answer.content[:300]}"
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert set(told) >= MEMBERS and told["status"] == answer.status_code
    if answer.status_code == 400:
        assert told["errors"], what
        assert all(messages and all(isinstance(one, str) for one in messages) for messages in told["errors"].values())
        assert len(answer.content) < 20_000, "an answer that is larger than what it refuses helps nobody"


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_body_that_is_none_of_ours_is_refused(
    cast: Cast, program: Client, content: Content, method: str, path: str
) -> None:
    names = objects.make(cast.mwangaza)
    address = path.replace("{id}", names[OWN[path.split("/")[3]]])
    before = content()
    for what in BODIES:
        refused(program, method, address, what)
    assert content() == before


@pytest.mark.parametrize(("method", "path"), PLATFORM)
def test_the_operators_api_refuses_it_too(
    cast: Cast, console: Client, content: Content, method: str, path: str
) -> None:
    console.raise_request_exception = False
    before = content()
    for what in BODIES:
        refused(console, method, path, what)
    assert content() == before


def test_a_token_is_asked_for_by_a_form_alone(cast: Cast, content: Content) -> None:
    stranger = Client(HTTP_HOST=f"mwangaza.{settings.PLATFORM_DOMAIN}", raise_request_exception=False)
    before = content()
    for what, (body, kind, _statuses) in BODIES.items():
        answer = stranger.generic("POST", "/oauth/token", body, content_type=kind)
        assert 400 <= answer.status_code < 500, f"{what}: {answer.status_code}"
        assert answer["Content-Type"] in ("application/json", "application/problem+json"), what
    for body in (b"grant_type=%00", b"grant_type=client_credentials&client_id=%FF&client_secret=%00",
                 b"grant_type=client_credentials&client_id=" + b"x" * 5000, b"=&=&=", b"grant_type=a&grant_type=b",
                 b"grant_type=client_credentials&scope=" + b"students:read%20" * 500):  # fmt: skip
        answer = stranger.generic("POST", "/oauth/token", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (400, 401), body[:60]
    assert content() == before
