"""Programs that are let in: shown once, kept as a hash, ended at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import get_application_model

from audit.models import Entry
from core import clock
from identity import accounts, clients, scopes
from identity.models import ApiKey, Kind, User
from schools.home import access
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]
FORM = {"name": "Library", "role": "registrar", "scopes": ["students:read", "classes:read"]}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scopes() -> None:
    for name in FORM["scopes"]:
        if name not in scopes.all():
            scopes.register(name, name)


def _shown(html: str, field: str) -> str:
    found = re.search(rf'id="{field}" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_a_key_is_shown_once_and_kept_as_a_hash(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    response = client.post("/settings/access/key/", FORM)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    key = _shown(response.content.decode(), "secret")
    assert key.startswith("sk_") and len(key) > 40
    listed = client.get("/settings/access/").content.decode()
    assert "Library" in listed and key[:10] in listed and key not in listed
    with context.in_school(cast.mwangaza.school):
        row = ApiKey.objects.select_related("user").get()
        assert (row.digest, row.scopes) == (ApiKey.hashed(key), ["classes:read", "students:read"])
        assert (row.user.kind, row.user.roles, row.user.full_name) == (Kind.SERVICE, ["registrar"], "Library")
        acts = list(
            Entry.objects.filter(actor_id=cast.mwangaza.head.pk).order_by("pk").values_list("action", flat=True)
        )
        assert acts == ["user.created", "api_key.issued"]
        assert key not in str(list(Entry.objects.values_list("changes", flat=True)))
    with context.in_school(cast.baraka.school):
        assert not ApiKey.objects.exists()


def test_ending_a_key_ends_its_program_and_a_second_time_changes_nothing(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    client.post("/settings/access/key/", FORM)
    with context.in_school(cast.mwangaza.school):
        row = ApiKey.objects.get()
    for _ in range(2):
        response = client.post(f"/settings/access/key/{row.pk}/end/")
        assert (response.status_code, response["Location"]) == (302, "/settings/access/")
    with context.in_school(cast.mwangaza.school):
        assert ApiKey.objects.get().revoked_at is not None
        assert User.objects.get(pk=row.user_id).is_active is False
        assert Entry.objects.filter(action="api_key.revoked").count() == 1
        assert Entry.objects.filter(action="user.deactivated").count() == 1
    assert "Library" not in client.get("/settings/access/").content.decode()


def test_a_program_with_another_key_stays(cast: Cast) -> None:
    head, at = cast.mwangaza.head, clock.now()
    with context.in_school(cast.mwangaza.school):
        access.issue_key(name="Library", role="registrar", wanted=FORM["scopes"], by=head, at=at)
        first = ApiKey.objects.select_related("user").get()
        accounts.issue_key(user=first.user, name="Second", scopes=["students:read"], by=head, at=at)
        access.revoke_key(pk=first.pk, by=head, at=at)
        assert User.objects.get(pk=first.user_id).is_active is True


def test_a_clients_secret_is_shown_once_and_kept_as_a_hash(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    response = client.post("/settings/access/client/", FORM)
    assert response.status_code == 200
    html = response.content.decode()
    client_id, secret = _shown(html, "client-id"), _shown(html, "secret")
    with context.in_school(cast.mwangaza.school):
        row = get_application_model().objects.select_related("user").get()
        assert (row.client_id, row.authorization_grant_type) == (client_id, "client-credentials")
        assert secret not in row.client_secret
        assert (row.user.kind, row.user.roles) == (Kind.SERVICE, ["registrar"])
        assert [one.scopes for one in clients.current()] == [["classes:read", "students:read"]]
    assert client_id in client.get("/settings/access/").content.decode()
    with context.in_school(cast.baraka.school):
        assert clients.current() == []


def test_ending_a_client_ends_its_account(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    client_id = _shown(client.post("/settings/access/client/", FORM).content.decode(), "client-id")
    assert client.post(f"/settings/access/client/{client_id}/end/").status_code == 302
    with context.in_school(cast.mwangaza.school):
        assert clients.current() == []
        assert list(User.objects.filter(kind=Kind.SERVICE).values_list("is_active", flat=True)) == [False]
    assert client.post(f"/settings/access/client/{client_id}/end/").status_code == 404
    assert client.post("/settings/access/client/nothing/end/").status_code == 404


def test_keys_and_clients_of_another_school_do_not_exist_here(browse: Browse, cast: Cast) -> None:
    there = browse(cast.baraka.head)
    there.post("/settings/access/key/", FORM)
    client_id = _shown(there.post("/settings/access/client/", FORM).content.decode(), "client-id")
    with context.in_school(cast.baraka.school):
        key = ApiKey.objects.get()
    here = browse(cast.mwangaza.head)
    assert here.post(f"/settings/access/key/{key.pk}/end/").status_code == 404
    assert here.post(f"/settings/access/client/{client_id}/end/").status_code == 404
    with context.in_school(cast.baraka.school):
        assert ApiKey.objects.get().revoked_at is None
        assert len(clients.current()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 81},
        {"role": "operator"},
        {"role": "guardian"},
        {"scopes": []},
        {"scopes": ["everything:write"]},
        {"scopes": ["students:read", "' or 1=1"]},
    ],
)
@pytest.mark.parametrize("kind", ["key", "client"])
def test_what_cannot_be_given_is_refused_and_nobody_is_let_in(
    browse: Browse, cast: Cast, kind: str, wrong: dict[str, Any]
) -> None:
    assert browse(cast.mwangaza.head).post(f"/settings/access/{kind}/", {**FORM, **wrong}).status_code == 400
    with context.in_school(cast.mwangaza.school):
        assert not User.objects.filter(kind=Kind.SERVICE).exists()
        assert not ApiKey.objects.exists() and clients.current() == []


@pytest.mark.parametrize("role", ["registrar", "teacher", "bursar", "guardian", "student"])
def test_nobody_but_the_head_lets_a_program_in_or_shows_it_out(browse: Browse, cast: Cast, role: str) -> None:
    browse(cast.mwangaza.head).post("/settings/access/key/", FORM)
    with context.in_school(cast.mwangaza.school):
        key = ApiKey.objects.get()
    other = browse(cast.mwangaza.roles[role])
    for path in ("key/", "client/", f"key/{key.pk}/end/", "client/x/end/"):
        assert other.post(f"/settings/access/{path}", FORM).status_code == 403
    with context.in_school(cast.mwangaza.school):
        assert ApiKey.objects.get().revoked_at is None
        assert User.objects.filter(kind=Kind.SERVICE).count() == 1


def test_a_programs_name_is_text(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    canary = "<script>alert(3)</script>"
    made = client.post("/settings/access/key/", {**FORM, "name": canary})
    for html in (made, client.get("/settings/access/"), client.get("/settings/audit/"), client.get("/")):
        assert canary not in html.content.decode()
