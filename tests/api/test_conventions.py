"""What every address of the API keeps: problem documents, validators, quotas, headers."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from api import throttling
from core import cache, clock
from schools.people import services as people
from tenants import context
from tenants.models import School
from tests.api.conftest import host
from tests.cast import Company

JSON = "application/json"
MEMBERS = ["type", "title", "status", "detail", "code", "request_id"]


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Check a problem document, and give it back."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(MEMBERS) <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == answer["X-Request-ID"]
    if status == 400:
        assert body["errors"]
        assert all(isinstance(messages, list) for messages in body["errors"].values())
    return body


def test_every_kind_of_refusal_is_a_problem_document(office: Client, life: Company) -> None:
    address = "/api/v1/students/"
    is_problem(office.get("/api/v1/nothing/"), 404, "not_found")
    is_problem(office.get("/api/v1/"), 404, "not_found")
    is_problem(office.get(f"{address}not-an-id/"), 404, "not_found")
    is_problem(office.delete(address), 405, "method_not_allowed")
    is_problem(office.generic("BREW", address), 405, "method_not_allowed")
    is_problem(
        office.post(address, "a=b", content_type="application/x-www-form-urlencoded"), 415, "unsupported_media_type"
    )
    is_problem(office.post(address, {"first_name": "x"}), 415, "unsupported_media_type")
    is_problem(office.post(address, "{", content_type=JSON), 400, "malformed_json")
    is_problem(office.post(address, "", content_type=JSON), 400, "malformed_json")
    is_problem(office.post(address, "[]", content_type=JSON), 400, "invalid")
    is_problem(office.post(address, " " * 1_100_000, content_type=JSON), 413, "too_large")
    is_problem(Client(HTTP_HOST=office.defaults["HTTP_HOST"]).get("/api/v1/nothing/"), 404, "not_found")


def test_405_names_what_is_possible(office: Client, life: Company) -> None:
    assert office.delete("/api/v1/students/")["Allow"] == "GET, HEAD, OPTIONS, POST"
    options = office.options("/api/v1/students/")
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_the_request_id_is_echoed(office: Client, life: Company) -> None:
    answer = office.get("/api/v1/students/", headers={"X-Request-ID": "my-request-0001"})
    assert answer["X-Request-ID"] == "my-request-0001"
    refused = office.get("/api/v1/students/?x=1", headers={"X-Request-ID": "my-request-0002"})
    assert refused.json()["request_id"] == "my-request-0002"


def test_a_read_may_be_kept_by_its_reader_and_nobody_else(office: Client, life: Company) -> None:
    answer = office.get("/api/v1/students/")
    assert answer["Cache-Control"] == "private, no-cache"
    assert {word.strip() for word in answer["Vary"].split(",")} >= {"Authorization", "Cookie"}
    assert "Set-Cookie" not in answer
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert office.get("/api/v1/students/?x=1")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_what_the_reader_holds_is_not_sent_again(encoding: str, office: Client, life: Company) -> None:
    for address in ("/api/v1/students/", f"/api/v1/students/{life.amani.pk}/", "/api/v1/me/"):
        first = office.get(address, headers={"Accept-Encoding": encoding})
        body = gzip.decompress(first.content) if first.has_header("Content-Encoding") else first.content
        assert json.loads(body)
        for _time in range(3):
            again = office.get(address, headers={"If-None-Match": first["ETag"], "Accept-Encoding": encoding})
            assert (again.status_code, again.content) == (304, b"")
            assert again["ETag"].removeprefix("W/") == first["ETag"].removeprefix("W/")
            assert again["Cache-Control"] == "private, no-cache"
        assert office.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_write_is_seen_by_the_next_reader_who_holds_the_old(
    office: Client, life: Company, django_capture_on_commit_callbacks: Any
) -> None:
    address = "/api/v1/students/"
    tag = office.get(address)["ETag"]
    held = {"If-None-Match": tag}
    assert [office.get(address, headers=held).status_code for _ in range(3)] == [304, 304, 304]
    with django_capture_on_commit_callbacks(execute=True), context.in_school(life.school):
        people.change_student(student=life.amani, first_name="Amina", by=None, at=clock.now())
        assert office.get(address, headers=held).status_code == 200
    changed = office.get(address, headers=held)
    assert changed.status_code == 200
    assert changed.json()["results"][0]["first_name"] == "Amina"


def test_304_comes_from_memory_without_a_statement(
    office: Client, life: Company, django_assert_num_queries: Any
) -> None:
    held = {"If-None-Match": office.get("/api/v1/students/")["ETag"]}
    office.get("/api/v1/students/", headers=held)
    with django_assert_num_queries(0):
        assert office.get("/api/v1/students/", headers=held).status_code == 304


def test_304_is_decided_by_the_database_while_the_cache_is_away(
    office: Client, life: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = {"If-None-Match": office.get("/api/v1/students/")["ETag"]}
    office.get("/api/v1/students/", headers=held)
    away(monkeypatch)
    assert office.get("/api/v1/students/", headers=held).status_code == 304
    with context.in_school(life.school):
        people.change_student(student=life.amani, first_name="Amina", by=None, at=clock.now())
    assert office.get("/api/v1/students/", headers=held).status_code == 200


def test_everything_answers_while_the_cache_is_away(
    office: Client, life: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(monkeypatch)
    answer = office.get("/api/v1/students/")
    assert answer.status_code == 200
    assert answer["RateLimit"].startswith('"default";r=')
    body = {"admission_number": "N1", "first_name": "Neema"}
    assert office.post("/api/v1/students/", body, content_type=JSON).status_code == 201


def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every call to the cache fail, as it does when Redis is gone."""

    def gone(call: Any, otherwise: Any) -> Any:
        return otherwise

    monkeypatch.setattr(cache, "_tolerant", gone)


def test_the_quota_is_told_and_kept(office: Client, life: Company, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    throttling._own.clear()
    left = []
    for _time in range(3):
        answer = office.get("/api/v1/me/")
        assert answer["RateLimit-Policy"] == '"default";q=3;w=60'
        left.append(answer["RateLimit"].partition(";t=")[0])
    assert left == ['"default";r=2', '"default";r=1', '"default";r=0']
    refused = office.get("/api/v1/me/")
    is_problem(refused, 429, "throttled")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused.json()["type"].endswith("#quota-exceeded")


def test_the_quota_is_kept_by_each_process_while_the_cache_is_away(
    office: Client, life: Company, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    away(monkeypatch)
    throttling._own.clear()
    assert [office.get("/api/v1/me/").status_code for _ in range(3)] == [200, 200, 429]


def test_the_quota_of_one_caller_is_not_anothers(connect: Any, mwangaza: School, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    throttling._own.clear()
    first, second = connect(mwangaza), connect(mwangaza)
    assert [first.get("/api/v1/me/").status_code for _ in range(2)] == [200, 429]
    assert second.get("/api/v1/me/").status_code == 200


def test_guessing_at_the_token_address_is_slowed(mwangaza: School, settings: Any) -> None:
    settings.API_TOKENS_PER_MINUTE = 2
    throttling._own.clear()
    client = Client(HTTP_HOST=host(mwangaza))
    form = "application/x-www-form-urlencoded"
    body = "grant_type=client_credentials&client_id=x&client_secret=y"
    answers = [client.post("/oauth/token", body, content_type=form) for _ in range(3)]
    assert [a.status_code for a in answers] == [401, 401, 429]
    assert answers[2].has_header("Retry-After")


def test_head_is_a_read_without_a_body(office: Client, life: Company) -> None:
    read, head = office.get("/api/v1/students/"), office.head("/api/v1/students/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", read["ETag"])


def test_a_suspended_school_answers_with_a_problem(office: Client, mwangaza: School) -> None:
    from tenants import lifecycle, resolve

    lifecycle.suspend(school_id=mwangaza.pk, reason="Unpaid", by=None, at=clock.now())
    resolve.forget_all()
    is_problem(office.get("/api/v1/students/"), 403, "school_suspended")
    lifecycle.resume(school_id=mwangaza.pk, by=None, at=clock.now())
    lifecycle.make_read_only(school_id=mwangaza.pk, reason="Moving", by=None, at=clock.now())
    resolve.forget_all()
    assert office.get("/api/v1/students/").status_code == 200
    is_problem(office.post("/api/v1/students/", {}, content_type=JSON), 403, "school_read_only")
