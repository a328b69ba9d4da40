"""One's own account: what may be changed, and that nobody else's is touched."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from audit.models import Entry
from identity.models import User
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]
FORM = {"full_name": "Rose Nekesa Barasa", "email": "Rose@example.com", "phone": "0733 111 222", "language": "sw"}
pytestmark = pytest.mark.django_db


def test_name_address_phone_and_language_are_changed_and_told(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.guardian)
    response = client.post("/account/", FORM)
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "sw"
    assert client.get("/account/")["Content-Language"] == "sw"
    with context.in_school(cast.mwangaza.school):
        user = User.objects.get(pk=cast.mwangaza.guardian.pk)
        assert (user.full_name, user.email, user.phone, user.language) == (
            "Rose Nekesa Barasa",
            "rose@example.com",
            "+254733111222",
            "sw",
        )
        entry = Entry.objects.get(action="user.changed")
        assert (entry.actor_id, entry.object_id) == (user.pk, str(user.pk))
        assert entry.changes == {
            "full_name": ["Rose Barasa", "Rose Nekesa Barasa"],
            "email": ["rose.barasa@mwangaza.example", "rose@example.com"],
            "phone": ["+254722418093", "+254733111222"],
            "language": ["en", "sw"],
        }


def test_saving_what_is_there_already_leaves_no_line_in_the_trail(browse: Browse, cast: Cast) -> None:
    same = {
        "full_name": "Rose Barasa",
        "email": "rose.barasa@mwangaza.example",
        "phone": "0722 418 093",
        "language": "en",
    }
    assert browse(cast.mwangaza.guardian).post("/account/", same).status_code == 302
    with context.in_school(cast.mwangaza.school):
        assert not Entry.objects.filter(action="user.changed").exists()


def test_roles_and_username_cannot_be_smuggled_in(browse: Browse, cast: Cast) -> None:
    smuggled = {**FORM, "roles": "head", "username": "boss", "is_active": "", "kind": "service"}
    browse(cast.mwangaza.guardian).post("/account/", smuggled)
    with context.in_school(cast.mwangaza.school):
        user = User.objects.get(pk=cast.mwangaza.guardian.pk)
        assert (user.roles, user.username, user.is_active, user.kind) == (["guardian"], "rose.barasa", True, "person")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("full_name", "  ", "This field is required."),
        ("full_name", "x" * 151, "at most 150 characters"),
        ("email", "not-an-address", "Enter a valid email address."),
        ("phone", "ring me", "This is not a phone number. It looks like 0722 418 093."),
        ("language", "fr", "Select a valid choice."),
        ("full_name", "a\0b", "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    browse: Browse, cast: Cast, field: str, value: str, said: str
) -> None:
    response = browse(cast.mwangaza.guardian).post("/account/", {**FORM, field: value})
    assert response.status_code == 400
    assert said in response.content.decode()
    with context.in_school(cast.mwangaza.school):
        assert User.objects.get(pk=cast.mwangaza.guardian.pk).full_name == "Rose Barasa"


def test_signing_out_everywhere_ends_every_session_of_this_person_alone(browse: Browse, cast: Cast) -> None:
    phone, desk, colleague = (
        browse(cast.mwangaza.teacher),
        browse(cast.mwangaza.teacher),
        browse(cast.mwangaza.other_teacher),
    )
    response = phone.post("/account/leave-everywhere/")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/")
    assert [one.get("/account/").status_code for one in (phone, desk, colleague)] == [302, 302, 200]


def test_a_name_is_text_and_never_a_tag(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.guardian)
    client.post("/account/", {**FORM, "full_name": "<script>alert(7)</script>", "language": "en"})
    for path in ("/account/", "/"):
        html = client.get(path).content.decode()
        assert "<script>alert(7)" not in html
    assert "&lt;script&gt;alert(7)&lt;/script&gt;" in html


@pytest.mark.parametrize("path", ["/account/", "/account/password/", "/account/leave-everywhere/"])
def test_nobody_has_an_account_without_signing_in(browse: Browse, cast: Cast, path: str) -> None:
    client = browse(None, school=cast.mwangaza.school)
    assert client.post(path, FORM)["Location"].startswith("/sign-in/?next=")
