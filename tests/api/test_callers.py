"""Who is let in, as whom, to what."""

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from api import clients, scopes
from api.models import Client as OAuthClient
from core import clock
from identity import accounts
from identity.models import ApiKey
from tenants import context
from tenants.models import School
from tests.api.conftest import host, service
from tests.cast import Cast, Company

FORM = "application/x-www-form-urlencoded"


def ask(school: School, **fields: str) -> Any:
    """A token request with the client's credentials in the body."""
    return post(school, urlencode({"grant_type": "client_credentials", **fields}))


def post(school: School, body: str, **headers: str) -> Any:
    """A token request as it is."""
    return Client(HTTP_HOST=host(school)).post("/oauth/token", body, content_type=FORM, **headers)


def test_a_stranger_is_told_which_credential_is_wanted(mwangaza: School) -> None:
    answer = Client(HTTP_HOST=host(mwangaza)).get("/api/v1/students/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer x", "Basic YTpi", "Bearer sk_unknownunknownunknown", "Bearer é" * 9, "Bearer " + "a" * 900],
)
def test_an_unknown_credential_is_refused(header: str, mwangaza: School) -> None:
    answer = Client(HTTP_HOST=host(mwangaza), HTTP_AUTHORIZATION=header).get("/api/v1/students/")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    assert answer.json()["code"] == "invalid_token"


def test_a_key_says_who_it_is(office: Client, mwangaza: School) -> None:
    body = office.get("/api/v1/me/").json()
    assert (body["full_name"], body["kind"], body["roles"]) == ("Timetable maker", "service", ["registrar"])
    assert body["scopes"] == sorted(scopes.every())
    assert body["school"] == {"id": str(mwangaza.pk), "slug": "mwangaza", "name": "Mwangaza School"}


def test_a_key_of_another_school_is_unknown(connect: Any, mwangaza: School, baraka: School) -> None:
    client = connect(baraka)
    assert client.get("/api/v1/me/").status_code == 200
    assert client.get("/api/v1/me/", HTTP_HOST=host(mwangaza)).status_code == 401


def test_a_revoked_key_stops_at_once(connect: Any, mwangaza: School, django_capture_on_commit_callbacks: Any) -> None:
    client = connect(mwangaza)
    assert client.get("/api/v1/me/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True), context.in_school(mwangaza):
        key = ApiKey.objects.get(digest=ApiKey.hashed(client.key))
        accounts.revoke_key(key=key, by=None, at=clock.now())
    assert client.get("/api/v1/me/").status_code == 401


def test_a_key_of_a_closed_account_stops_at_once(connect: Any, mwangaza: School) -> None:
    client = connect(mwangaza)
    assert client.get("/api/v1/me/").status_code == 200
    with context.in_school(mwangaza):
        key = ApiKey.objects.select_related("user").get(digest=ApiKey.hashed(client.key))
        accounts.deactivate(user=key.user, by=None, at=clock.now())
    assert client.get("/api/v1/me/").status_code == 401


def test_an_expired_key_is_refused(connect: Any, mwangaza: School) -> None:
    client = connect(mwangaza)
    with context.in_school(mwangaza):
        ApiKey.objects.filter(digest=ApiKey.hashed(client.key)).update(expires_at=clock.now() - timedelta(seconds=1))
    assert client.get("/api/v1/me/").status_code == 401


def test_the_use_of_a_key_is_noted(office: Client, mwangaza: School) -> None:
    office.get("/api/v1/me/")
    with context.in_school(mwangaza):
        assert ApiKey.objects.get(digest=ApiKey.hashed(office.key)).last_used_at is not None


def test_a_scope_opens_its_own_resource_and_no_other(connect: Any, mwangaza: School) -> None:
    client = connect(mwangaza, only=["students:read"])
    assert client.get("/api/v1/students/").status_code == 200
    refused = client.get("/api/v1/guardians/")
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert 'error="insufficient_scope", scope="guardians:read"' in refused["WWW-Authenticate"]
    writing = client.post("/api/v1/students/", {}, content_type="application/json")
    assert (writing.status_code, writing.json()["code"]) == (403, "insufficient_scope")


def test_a_client_fetches_a_token_and_uses_it(oauth: tuple[str, str], mwangaza: School) -> None:
    answer = ask(mwangaza, client_id=oauth[0], client_secret=oauth[1], scope="students:read")
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert {**told, "access_token": ""} == {
        "access_token": "", "token_type": "Bearer", "expires_in": 3600, "scope": "students:read",
    }  # fmt: skip
    client = Client(HTTP_HOST=host(mwangaza), HTTP_AUTHORIZATION=f"Bearer {told['access_token']}")
    assert client.get("/api/v1/students/").status_code == 200
    assert client.get("/api/v1/me/").json()["scopes"] == ["students:read"]
    assert client.get("/api/v1/classes/").status_code == 403


def test_credentials_come_in_the_header_as_well(oauth: tuple[str, str], mwangaza: School) -> None:
    word = base64.b64encode(f"{oauth[0]}:{oauth[1]}".encode()).decode()
    answer = post(mwangaza, "grant_type=client_credentials", HTTP_AUTHORIZATION=f"Basic {word}")
    assert answer.status_code == 200
    assert sorted(answer.json()["scope"].split()) == sorted(scopes.every())


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, None),
        ({"grant_type": ""}, 400, None),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"scope": "students:read billing:write"}, 400, "invalid_scope"),
        ({"client_id": "a\0b"}, 400, "invalid_request"),
    ],
)
def test_a_wrong_token_request_is_answered_as_rfc_6749_says(
    fields: dict[str, str], status: int, error: str | None, oauth: tuple[str, str], mwangaza: School
) -> None:
    answer = ask(mwangaza, **{"client_id": oauth[0], "client_secret": oauth[1], **fields})
    assert answer.status_code == status, answer.content
    if error:
        assert answer.json()["error"] == error
    assert answer["Cache-Control"] == "no-store"
    if status == 401:
        assert answer["WWW-Authenticate"].startswith("Basic")


def test_a_token_request_is_a_form_and_a_post(oauth: tuple[str, str], mwangaza: School) -> None:
    client = Client(HTTP_HOST=host(mwangaza))
    assert client.get("/oauth/token").status_code == 405
    answer = client.post("/oauth/token", {"grant_type": "client_credentials"}, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_client_of_another_school_is_unknown(oauth: tuple[str, str], baraka: School) -> None:
    assert ask(baraka, client_id=oauth[0], client_secret=oauth[1]).status_code == 401


def test_a_token_of_another_school_is_unknown(oauth: tuple[str, str], mwangaza: School, baraka: School) -> None:
    token = ask(mwangaza, client_id=oauth[0], client_secret=oauth[1]).json()["access_token"]
    client = Client(HTTP_HOST=host(baraka), HTTP_AUTHORIZATION=f"Bearer {token}")
    assert client.get("/api/v1/students/").status_code == 401


def test_a_revoked_client_and_its_tokens_stop_at_once(oauth: tuple[str, str], mwangaza: School) -> None:
    token = ask(mwangaza, client_id=oauth[0], client_secret=oauth[1]).json()["access_token"]
    client = Client(HTTP_HOST=host(mwangaza), HTTP_AUTHORIZATION=f"Bearer {token}")
    assert client.get("/api/v1/me/").status_code == 200
    with context.in_school(mwangaza):
        clients.revoke_client(client=OAuthClient.objects.get(client_id=oauth[0]), by=None, at=clock.now())
        assert not clients.current_clients().exists()
    assert client.get("/api/v1/me/").status_code == 401
    assert ask(mwangaza, client_id=oauth[0], client_secret=oauth[1]).status_code == 401


def test_secrets_and_tokens_are_not_kept_in_clear(oauth: tuple[str, str], mwangaza: School) -> None:
    from oauth2_provider.models import AccessToken

    token = ask(mwangaza, client_id=oauth[0], client_secret=oauth[1]).json()["access_token"]
    with context.in_school(mwangaza):
        assert oauth[1] not in OAuthClient.objects.get(client_id=oauth[0]).client_secret
        assert token not in str(AccessToken.objects.values().get())


def test_an_unknown_scope_is_not_granted(mwangaza: School) -> None:
    user = service(mwangaza)
    with context.in_school(mwangaza), pytest.raises(Exception, match="Unknown scope"):
        clients.create_client(name="Bad", scopes=["everything:write"], user=user, by=None, at=clock.now())


def test_each_person_sees_their_own(cast: Cast, life: Company, browse: Any) -> None:
    company = cast.mwangaza

    def seen(role: str, resource: str = "students") -> list[str]:
        answer = browse(company.roles[role]).get(f"/api/v1/{resource}/")
        assert answer.status_code == 200, answer.content
        return sorted(row.get("first_name") or row["name"] for row in answer.json()["results"])

    assert seen("head") == ["Amani", "Brian", "Zawadi"]
    assert seen("teacher") == ["Amani", "Brian"]
    assert seen("guardian") == ["Amani", "Zawadi"]
    assert seen("student") == ["Amani"]
    assert seen("guardian", "guardians") == ["Rose"]
    assert seen("student", "guardians") == []
    assert seen("guardian", "attendance-registers") == []
    assert seen("guardian", "assessments") == []


def test_a_thing_that_one_may_not_see_is_not_found(cast: Cast, browse: Any) -> None:
    company = cast.mwangaza
    guardian = browse(company.guardian)
    assert guardian.get(f"/api/v1/students/{company.amani.pk}/").status_code == 200
    assert guardian.get(f"/api/v1/students/{company.brian.pk}/").status_code == 404
    assert guardian.get(f"/api/v1/students/{cast.baraka.amani.pk}/").status_code == 404


def test_a_person_reads_and_may_not_write_what_the_policy_refuses(cast: Cast, browse: Any) -> None:
    company = cast.mwangaza
    teacher = browse(company.teacher)
    address = f"/api/v1/students/{company.amani.pk}/"
    answer = teacher.patch(address, {"first_name": "X"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    with context.in_school(company.school):
        company.amani.refresh_from_db()
    assert company.amani.first_name == "Amani"


def test_a_session_writes_only_with_the_form_token(cast: Cast, browse: Any) -> None:
    company = cast.mwangaza
    strict = browse(company.head, enforce_csrf_checks=True)
    body = {"admission_number": "N1", "first_name": "Neema"}
    answer = strict.post("/api/v1/students/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    strict.cookies["csrftoken"] = "a" * 32
    answer = strict.post("/api/v1/students/", body, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert answer.status_code == 201, answer.content


def test_ids_of_another_school_are_not_found_anywhere(cast: Cast, office: Client) -> None:
    other = cast.baraka
    ids = {
        "students": other.amani.pk, "guardians": other.rose.pk, "staff": other.teacher_staff.pk,
        "classes": other.east.pk, "teaching-groups": other.maths_group.pk, "subjects": other.maths.pk,
        "terms": other.term.pk, "grading-scales": other.scale.pk,
    }  # fmt: skip
    for resource, pk in ids.items():
        answer = office.get(f"/api/v1/{resource}/{pk}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), resource
    body = {"student": str(other.amani.pk), "class": str(other.east.pk)}
    answer = office.post("/api/v1/enrolments/", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["student"])
