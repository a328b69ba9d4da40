"""What one school hands out means nothing at another: cookies, tokens, links, ids, on both hosts."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from core import cache, clock, storage
from identity import accounts, tokens
from tenants import context
from tests.cast import PASSWORD, Cast, Company

Browse = Callable[..., Client]


def host(company: Company) -> str:
    return f"{company.school.slug}.{settings.PLATFORM_DOMAIN}"


def sign_in(company: Company, username: str) -> Client:
    browser = Client(HTTP_HOST=host(company))
    assert browser.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 302
    return browser


def test_a_session_cookie_of_one_school_is_nobody_at_another(cast: Cast) -> None:
    cookie = sign_in(cast.mwangaza, "jane.njeri").cookies["session"].value
    other = Client(HTTP_HOST=host(cast.baraka))
    other.cookies["session"] = cookie
    assert other.get("/students/").status_code == 302
    public = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    public.cookies["session"] = cookie
    assert public.get("/console/").status_code == 302


def test_a_session_row_copied_into_another_school_is_still_nobody(cast: Cast) -> None:
    from django.contrib.sessions.models import Session

    key = sign_in(cast.mwangaza, "jane.njeri").cookies["session"].value
    with context.in_school(cast.mwangaza.school):
        row = Session.objects.get(session_key=key)
    with context.in_school(cast.baraka.school):
        row.save(force_insert=True)
    other = Client(HTTP_HOST=host(cast.baraka))
    other.cookies["session"] = key
    assert other.get("/students/").status_code == 302


def test_the_session_cookie_is_host_only(cast: Cast) -> None:
    cookie = sign_in(cast.mwangaza, "jane.njeri").cookies["session"]
    assert cookie["domain"] == ""
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_a_password_of_one_school_does_not_sign_in_at_another(cast: Cast) -> None:
    browser = Client(HTTP_HOST=host(cast.baraka))
    response = browser.post("/sign-in/", {"username": "jane.njeri", "password": PASSWORD})
    assert response.status_code != 302
    assert (
        "session" not in browser.cookies or not browser.cookies["session"].value or browser.get("/").status_code == 302
    )


def test_a_reset_link_of_one_school_is_dead_at_another(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        token = tokens.link_token(cast.mwangaza.head)
        assert tokens.user_for(token) == cast.mwangaza.head
    with context.in_school(cast.baraka.school):
        assert tokens.user_for(token) is None


def test_a_reset_link_stays_dead_where_a_user_of_the_same_id_and_password_exists(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        head = cast.mwangaza.head
        token = tokens.link_token(head)
    with context.in_school(cast.baraka.school):
        head.username = "twin"
        head.save(force_insert=True)
        assert tokens.user_for(token) is None


def test_an_api_key_of_one_school_is_unknown_at_another(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        user = accounts.service_account(name="Reports", roles=["registrar"], by=None, at=clock.now())
        _row, key = accounts.issue_key(user=user, name="k", scopes=["students:read"], by=None, at=clock.now())
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    assert Client(HTTP_HOST=host(cast.mwangaza)).get("/api/v1/students/", **bearer).status_code == 200
    assert Client(HTTP_HOST=host(cast.baraka)).get("/api/v1/students/", **bearer).status_code == 401
    assert Client(HTTP_HOST=settings.PLATFORM_DOMAIN).get("/api/v1/students/", **bearer).status_code == 404


def test_a_signed_file_address_of_one_school_is_nothing_at_another(cast: Cast, browse: Browse) -> None:
    with context.in_school(cast.mwangaza.school):
        storage.save("photos/a.png", b"\x89PNG")
        address = storage.url("photos/a.png")
    assert browse(cast.mwangaza.head).get(address).status_code == 200
    assert browse(cast.baraka.head).get(address).status_code == 404


def test_a_csrf_token_of_one_school_does_not_post_at_another(cast: Cast) -> None:
    page = Client(HTTP_HOST=host(cast.mwangaza)).get("/sign-in/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    strict = Client(HTTP_HOST=host(cast.baraka), enforce_csrf_checks=True)
    posted = {"username": "agnes.chebet", "password": PASSWORD, "csrfmiddlewaretoken": token.group(1)}
    assert strict.post("/sign-in/", posted).status_code == 403


@pytest.mark.parametrize("path", ["/console/", "/console/sign-in/", "/api/platform/v1/schools/"])
def test_the_console_does_not_exist_on_a_schools_host(cast: Cast, browse: Browse, path: str) -> None:
    assert browse(cast.mwangaza.head).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/students/", "/sign-in/", "/api/v1/students/", "/settings/", "/oauth/token"])
def test_a_schools_pages_do_not_exist_on_the_public_host(cast: Cast, console: Client, path: str) -> None:
    assert console.get(path).status_code == 404


def test_throttling_one_school_leaves_the_other_alone(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        assert cache.count("tries:x", 60) == 1
    with context.in_school(cast.baraka.school):
        assert cache.count("tries:x", 60) == 1
