"""The school's door: who comes in, who does not, and what a session is worth."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from audit.models import Entry
from core import clock
from identity import accounts, roles
from identity.models import Kind, User
from tenants import context
from tenants.models import School
from tests.cast import PASSWORD, Cast

Browse = Callable[..., Client]
pytestmark = pytest.mark.django_db


def _try(client: Client, username: str, password: str, **more: str) -> int:
    return client.post("/sign-in/", {"username": username, "password": password, **more}).status_code


@pytest.mark.parametrize(
    "name",
    [
        "jane.njeri",
        " Jane.Njeri ",
        "jane.njeri@mwangaza.example",
        "JANE.NJERI@mwangaza.example",
    ],
)
def test_a_username_or_an_address_and_the_password_open_the_door(browse: Browse, mwangaza: School, name: str) -> None:
    client = browse(None, school=mwangaza)
    response = client.post("/sign-in/", {"username": name, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("phone", ["0722 418 093", "+254722418093", "722418093"])
def test_a_guardian_signs_in_by_phone_however_it_is_typed(browse: Browse, mwangaza: School, phone: str) -> None:
    assert _try(browse(None, school=mwangaza), phone, PASSWORD) == 302


def test_a_wrong_password_says_the_same_as_a_wrong_name(browse: Browse, mwangaza: School) -> None:
    answers = []
    for name in ("jane.njeri", "nobody.here"):
        client = browse(None, school=mwangaza)
        response = client.post("/sign-in/", {"username": name, "password": "not-the-password"})
        assert response.status_code == 400
        assert settings.SESSION_COOKIE_NAME not in client.cookies
        html = response.content.decode().replace(name, "")
        answers.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|<!--\w+-->', "", html))
    assert answers[0] == answers[1]
    assert "The name and the password do not go together. Check both and try again." in answers[0]


def test_the_ninth_try_of_a_name_from_one_address_has_to_wait_even_with_the_right_password(
    browse: Browse, mwangaza: School
) -> None:
    client = browse(None, school=mwangaza)
    assert [_try(client, "jane.njeri", "wrong") for _ in range(8)] == [400] * 8
    response = client.post("/sign-in/", {"username": "JANE.njeri", "password": PASSWORD})
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert "Too many tries. Wait 15 minutes, or ask for a new password." in response.content.decode()
    assert _try(client, "otieno.okello", PASSWORD) == 302


def test_tries_at_one_school_do_not_count_at_another(browse: Browse, cast: Cast) -> None:
    there = browse(None, school=cast.baraka.school)
    for _ in range(9):
        _try(there, "agnes.chebet", "wrong")
    assert _try(there, "agnes.chebet", PASSWORD) == 429
    with context.in_school(cast.mwangaza.school):
        accounts.create(username="agnes.chebet", full_name="A", roles=[], password=PASSWORD, by=None, at=clock.now())
    assert _try(browse(None, school=cast.mwangaza.school), "agnes.chebet", PASSWORD) == 302


def test_coming_in_forgets_the_failures_before(
    browse: Browse, mwangaza: School, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    client = browse(None, school=mwangaza)
    for _ in range(7):
        _try(client, "jane.njeri", "wrong")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert _try(client, "jane.njeri", PASSWORD) == 302
    client.post("/sign-out/")
    assert _try(client, "jane.njeri", "wrong") == 400
    assert _try(client, "jane.njeri", PASSWORD) == 302


@pytest.mark.parametrize("closed", ["deactivated", "service"])
def test_a_closed_account_and_a_program_do_not_come_in(browse: Browse, cast: Cast, closed: str) -> None:
    company = cast.mwangaza
    with context.in_school(company.school):
        changes = {"is_active": False} if closed == "deactivated" else {"kind": Kind.SERVICE}
        User.objects.filter(pk=company.head.pk).update(**changes)
    assert _try(browse(None, school=company.school), "jane.njeri", PASSWORD) == 400


def test_the_session_key_is_new_after_signing_in_and_knows_its_school(browse: Browse, cast: Cast) -> None:
    client = browse(None, school=cast.mwangaza.school)
    with context.in_school(cast.mwangaza.school):
        session = client.session
        session["planted"] = "by somebody else"
        session.save()
        planted = session.session_key
        client.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert _try(client, "jane.njeri", PASSWORD) == 302
    with context.in_school(cast.mwangaza.school):
        assert client.session.session_key != planted
        assert client.session["school"] == str(cast.mwangaza.school.pk)
        assert "planted" not in client.session


def test_a_cookie_of_one_school_does_nothing_at_another(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    assert client.get("/account/").status_code == 200
    response = client.get("/account/", HTTP_HOST="baraka.shule.localhost")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/account/")


def test_a_session_row_copied_to_another_school_is_emptied(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    with context.in_school(cast.mwangaza.school):
        data = dict(client.session.items())
        key = client.session.session_key
    with context.in_school(cast.baraka.school):
        User.objects.create(pk=cast.mwangaza.head.pk, username="twin", full_name="Twin", roles=[roles.HEAD])
        copied = client.session.__class__(key)
        copied.update(data)
        copied.save(must_create=True)
    response = client.get("/account/", HTTP_HOST="baraka.shule.localhost")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/account/")


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(browse: Browse, mwangaza: School) -> None:
    client = browse(None, school=mwangaza)
    _try(client, "jane.njeri", PASSWORD)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["domain"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


@pytest.mark.parametrize(
    ("following", "to"),
    [
        ("/students/?q=ama", "/students/?q=ama"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://baraka.shule.localhost/", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_pages_of_this_host(browse: Browse, mwangaza: School, following: str, to: str) -> None:
    client = browse(None, school=mwangaza)
    form = {"username": "jane.njeri", "password": PASSWORD, "next": following}
    assert client.post("/sign-in/", form)["Location"] == to
    assert client.get("/sign-in/", {"next": following})["Location"] == to


def test_the_page_somebody_wanted_is_kept_through_a_wrong_password(browse: Browse, mwangaza: School) -> None:
    client = browse(None, school=mwangaza)
    assert client.get("/account/")["Location"] == "/sign-in/?next=/account/"
    for html in (
        client.get("/sign-in/?next=/account/").content.decode(),
        client.post("/sign-in/?next=/account/", {"username": "x", "password": "y"}).content.decode(),
    ):
        assert '<input type="hidden" name="next" value="/account/">' in html


def test_a_form_whose_token_is_lost_changes_nothing_and_says_what_to_do(browse: Browse, mwangaza: School) -> None:
    client = browse(None, school=mwangaza, enforce_csrf_checks=True)
    response = client.post("/sign-in/", {"username": "jane.njeri", "password": PASSWORD})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/sign-in/").content.decode())
    assert token is not None
    assert _try(client, "jane.njeri", PASSWORD, csrfmiddlewaretoken=token[1]) == 302


@pytest.mark.parametrize(
    "form",
    [{}, {"username": "a\0b", "password": "c"}, {"username": "x" * 5000, "password": "y" * 5000}, {"username": "'"}],
)
def test_bad_input_is_refused_and_never_an_error(browse: Browse, mwangaza: School, form: dict[str, str]) -> None:
    assert browse(None, school=mwangaza).post("/sign-in/", form).status_code == 400


def test_signing_out_needs_a_post_and_ends_the_session(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.teacher)
    with context.in_school(cast.mwangaza.school):
        key = client.session.session_key
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/account/").status_code == 200
    response = client.post("/sign-out/")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/")
    client.cookies[settings.SESSION_COOKIE_NAME] = str(key)
    assert client.get("/account/").status_code == 302


def test_signing_in_is_in_the_trail(browse: Browse, cast: Cast) -> None:
    _try(browse(None, school=cast.mwangaza.school), "jane.njeri", PASSWORD)
    with context.in_school(cast.mwangaza.school):
        entry = Entry.objects.order_by("pk").last()
        assert entry is not None
        assert (entry.action, entry.actor_id) == ("user.signed_in", cast.mwangaza.head.pk)


def test_the_door_shows_the_schools_name_and_speaks_its_language(browse: Browse, cast: Cast) -> None:
    with context.in_public():
        School.objects.filter(pk=cast.mwangaza.school.pk).update(facts={"language": "sw", "motto": "Nuru kwa wote"})
    response = browse(None, school=cast.mwangaza.school).get("/sign-in/")
    html = response.content.decode()
    assert "Mwangaza School" in html and "Nuru kwa wote" in html
    assert response["Content-Language"] == "sw"
    with translation.override("sw"):
        assert f"<h1>{translation.gettext('Sign in')}</h1>" in html
    assert "<h1>Sign in</h1>" not in html


def test_a_script_that_asks_for_a_part_is_told_to_move_the_whole_page(browse: Browse, mwangaza: School) -> None:
    response = browse(None, school=mwangaza).get("/account/", HTTP_HX_REQUEST="true")
    assert (response.status_code, response["HX-Redirect"]) == (401, "/sign-in/?next=/account/")
