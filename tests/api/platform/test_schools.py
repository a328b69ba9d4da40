"""The operators' API: schools listed, set up, suspended and resumed by programs."""

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client

from core import clock
from core.models import Job
from identity import accounts, letters
from identity.models import ApiKey, User
from tenants import context
from tenants.models import School, State, Step
from tests.cast import Cast

SCHOOLS = "/api/platform/v1/schools/"
Ask = Callable[..., Any]


@pytest.fixture
def key(cast: Cast, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("operator", "key", "Provisioning robot")
    return capsys.readouterr().out.strip()


@pytest.fixture
def ask(key: str) -> Ask:
    client = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)

    def send(method: str, path: str, body: object = None, *, token: str = key) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        given = {} if body is None else {"data": orjson.dumps(body), "content_type": "application/json"}
        return getattr(client, method)(path, headers=headers, **given)

    return send


def test_a_key_lists_every_school(ask: Ask) -> None:
    answer = ask("get", f"{SCHOOLS}?count=true")
    assert (answer.status_code, answer.json()["count"]) == (200, 2)
    assert [one["slug"] for one in answer.json()["results"]] == ["baraka", "mwangaza"]
    assert answer.json()["results"][1]["url"] == "http://mwangaza.shule.localhost:8000"


def test_pages_are_joined_by_cursors_both_ways(ask: Ask) -> None:
    first = ask("get", f"{SCHOOLS}?page_size=1&ordering=-created_at&fields=slug").json()
    assert (first["results"], first["previous"]) == ([{"slug": "baraka"}], None)
    second = ask("get", first["next"]).json()
    assert (second["results"], second["next"]) == ([{"slug": "mwangaza"}], None)
    assert ask("get", second["previous"]).json()["results"] == [{"slug": "baraka"}]
    assert ask("get", f"{SCHOOLS}?cursor=x").json()["code"] == "invalid_cursor"


def test_the_list_is_searched_and_filtered(ask: Ask) -> None:
    assert [one["slug"] for one in ask("get", f"{SCHOOLS}?search=mwan").json()["results"]] == ["mwangaza"]
    assert ask("get", f"{SCHOOLS}?state=suspended").json()["results"] == []
    refused = ask("get", f"{SCHOOLS}?state=asleep&colour=blue").json()
    assert sorted(refused["errors"]) == ["colour", "state"]


@pytest.mark.parametrize("token", ["", "sk_of_nobody_at_all", "not-a-key-at-all"])
def test_nobody_else_is_answered(ask: Ask, token: str) -> None:
    for method, path in (("get", SCHOOLS), ("post", SCHOOLS), ("post", f"{SCHOOLS}mwangaza/suspend/")):
        assert ask(method, path, token=token).status_code == 401


def test_a_key_of_a_school_opens_nothing_here(ask: Ask, cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        robot = accounts.service_account(name="Robot", roles=["head"], by=None, at=clock.now())
        _row, token = accounts.issue_key(user=robot, name="x", scopes=["schools:read"], by=None, at=clock.now())
    assert ask("get", SCHOOLS, token=token).status_code == 401


def test_a_key_that_may_only_read_changes_nothing(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("operator", "key", "Watcher", "--read-only")
    token = capsys.readouterr().out.strip()
    assert ask("get", SCHOOLS, token=token).status_code == 200
    refused = ask("post", f"{SCHOOLS}mwangaza/suspend/", {"reason": "x"}, token=token)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")


def test_a_revoked_key_opens_nothing_the_moment_it_is_revoked(ask: Ask, key: str) -> None:
    assert ask("get", SCHOOLS).status_code == 200
    with context.in_public():
        accounts.revoke_key(key=ApiKey.objects.get(digest=ApiKey.hashed(key)), by=None, at=clock.now())
    assert ask("get", SCHOOLS).status_code == 401


def test_an_operator_is_invited_by_a_letter_to_the_consoles_door(ask: Ask) -> None:
    call_command("operator", "invite", "beryl@platform.example", "--name", "Beryl Auma")
    with context.in_public():
        beryl = User.objects.get(username="beryl@platform.example")
        assert (beryl.roles, beryl.has_usable_password()) == (["operator"], False)
        letters.invitation(str(beryl.pk))
    [letter] = mail.outbox
    link = re.search(r"http://shule\.localhost:8000(/console/welcome/\S+)", letter.body)
    assert link is not None
    client = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    chosen = {"password": "ndizi-na-maziwa-4", "again": "ndizi-na-maziwa-4"}
    assert client.post(link.group(1), chosen)["Location"] == "/console/"
    assert client.get("/console/").status_code == 200
    assert client.post(link.group(1), chosen).status_code == 404


def test_a_signed_in_operator_reads_and_a_write_needs_the_form_token(console: Client) -> None:
    assert console.get(SCHOOLS).status_code == 200
    strict = Client(enforce_csrf_checks=True, HTTP_HOST=settings.PLATFORM_DOMAIN)
    strict.cookies = console.cookies
    refused = strict.post(f"{SCHOOLS}mwangaza/resume/")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")


def test_a_school_is_asked_for_once_however_often_it_is_sent(ask: Ask) -> None:
    wanted = {"name": "Kilimani School", "slug": "kilimani", "kind": "basic", "head_email": "asha@kilimani.example"}
    first, second = ask("post", SCHOOLS, wanted), ask("post", SCHOOLS, wanted)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"] and first.json()["state"] == "requested"
    assert first["Location"].endswith("/api/platform/v1/schools/kilimani/")
    assert ask("get", first["Location"]).json()["kind"] == "basic"
    taken = ask("post", SCHOOLS, {**wanted, "name": "Another"})
    assert (taken.status_code, taken.json()["errors"]) == (409, {"slug": ["Another school has this address."]})


def test_a_set_up_is_followed_step_by_step_and_goes_on_when_it_failed(ask: Ask) -> None:
    where = ask("post", SCHOOLS, {"name": "Kilimani School", "slug": "kilimani"})["Location"]

    def stands(**now: object) -> tuple[str, str, str]:
        with context.in_public():
            School.objects.filter(slug="kilimani").update(**now)
        return tuple(ask("get", f"{where}?fields=state,step,error").json().values())  # type: ignore[return-value]

    assert stands() == ("requested", "requested", "")
    assert stands(state=State.PROVISIONING, step=Step.SEED) == ("provisioning", "seed", "")
    assert stands(state=State.FAILED, error="the disk is full") == ("failed", "seed", "the disk is full")
    with context.in_public():
        Job.objects.all().delete()
    again = ask("post", f"{SCHOOLS}kilimani/retry/")
    assert (again.status_code, again.json()["state"], again.json()["error"]) == (202, "provisioning", "")
    with context.in_public():
        assert [job.name for job in Job.objects.all()] == ["tenants.provision"]
    assert ask("post", f"{SCHOOLS}kilimani/retry/").status_code == 409, "a worker will be at it"
    with context.in_public():
        Job.objects.all().delete()
    assert ask("post", f"{SCHOOLS}kilimani/retry/").status_code == 202, "nobody was at it any more"
    assert stands(state=State.LIVE, step=Step.LIVE) == ("live", "live", "")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["name", "slug"]),
        ({"name": "K", "slug": "www"}, ["name", "slug"]),
        ({"name": "Kilimani", "slug": "kilimani", "colour": 1}, ["colour"]),
        ({"name": 7, "slug": ["a"]}, ["name", "slug"]),
        ({"name": "Kilimani", "slug": "kilimani", "kind": "circus"}, ["kind"]),
        ({"name": "Kilimani", "slug": "kilimani", "head_email": "nobody"}, ["head_email"]),
        ([], ["body"]),
    ],
)
def test_what_cannot_be_is_refused_by_name(ask: Ask, body: object, fields: list[str]) -> None:
    answer = ask("post", SCHOOLS, body)
    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, fields)
    with context.in_public():
        assert School.objects.count() == 2


def test_a_school_is_suspended_and_resumed(ask: Ask, mwangaza: School) -> None:
    assert ask("post", f"{SCHOOLS}mwangaza/suspend/", {"reason": ""}).status_code == 400
    closed = ask("post", f"{SCHOOLS}mwangaza/suspend/", {"reason": "Unpaid"})
    assert (closed.status_code, closed.json()["state"], closed.json()["state_reason"]) == (200, "suspended", "Unpaid")
    assert ask("post", f"{SCHOOLS}mwangaza/suspend/", {"reason": "Unpaid"}).status_code == 200
    assert ask("post", f"{SCHOOLS}mwangaza/resume/").json()["state"] == State.LIVE
    assert ask("post", f"{SCHOOLS}mwangaza/read-only/", {"reason": "Moving"}).json()["state"] == State.READ_ONLY


def test_what_is_not_there_is_a_problem_document(ask: Ask) -> None:
    for method, path, status in (
        ("get", f"{SCHOOLS}nobody/", 404), ("post", f"{SCHOOLS}nobody/resume/", 404),
        ("get", "/api/platform/v1/nothing/", 404), ("delete", SCHOOLS, 405), ("get", f"{SCHOOLS}mwangaza/resume/", 405),
    ):  # fmt: skip
        answer = ask(method, path)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_reads_carry_a_validator(ask: Ask, key: str) -> None:
    tag = ask("get", f"{SCHOOLS}mwangaza/")["ETag"]
    client = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    again = client.get(f"{SCHOOLS}mwangaza/", headers={"Authorization": f"Bearer {key}", "If-None-Match": tag})
    assert again.status_code == 304
