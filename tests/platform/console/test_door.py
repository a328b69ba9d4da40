"""Who gets into the console, and where it is."""

import pytest
from django.conf import settings
from django.test import Client

from console import urls
from core import clock
from identity import accounts
from tenants import context
from tests.cast import PASSWORD, Cast

SLUG = "mwangaza"
JOB = "01a20000-0000-7000-8000-000000000000"
PAGES = [
    "/console/", "/console/schools.csv", "/console/find/", "/console/schools/new/", f"/console/schools/{SLUG}/",
    f"/console/schools/{SLUG}/progress/", f"/console/schools/{SLUG}/suspend/", f"/console/schools/{SLUG}/read-only/",
    f"/console/schools/{SLUG}/archive/", f"/console/schools/{SLUG}/rename/", f"/console/schools/{SLUG}/erase/",
    f"/console/schools/{SLUG}/limits/",
    f"/console/schools/{SLUG}/erase/confirm/", f"/console/schools/{SLUG}/copies/", "/console/backups/",
    "/console/erased/", "/console/jobs/", "/console/audit/", "/console/sign-ups/",
]  # fmt: skip
ACTS = [
    f"/console/schools/{SLUG}/resume/", f"/console/schools/{SLUG}/retry/", f"/console/schools/{SLUG}/invite/",
    f"/console/schools/{SLUG}/bring-back/", f"/console/schools/{SLUG}/erase/take-back/",
    f"/console/schools/{SLUG}/copies/export/", f"/console/schools/{SLUG}/copies/archive/",
    f"/console/schools/{SLUG}/copies/{JOB}/restore/", f"/console/schools/{SLUG}/restorations/{JOB}/discard/",
    f"/console/sign-ups/{JOB}/approve/", f"/console/sign-ups/{JOB}/refuse/",
    f"/console/jobs/{JOB}/retry/", f"/console/jobs/{JOB}/discard/", "/console/audit/verify/",
]  # fmt: skip

OF_ONE = [
    f"/console/schools/{SLUG}/copies/{JOB}/file/", f"/console/schools/{SLUG}/restorations/{JOB}/",
    f"/console/erased/{JOB}/", f"/console/erased/{JOB}/certificate.json",
]  # fmt: skip


@pytest.fixture
def stranger(cast: Cast) -> Client:
    return Client(HTTP_HOST=settings.PLATFORM_DOMAIN)


def test_every_address_of_the_console_is_in_these_lists() -> None:
    doors = {"sign_in", "sign_out", "welcome"}
    assert len(PAGES) + len(ACTS) + len(OF_ONE) == len([p for p in urls.urlpatterns if p.name not in doors])


@pytest.mark.parametrize("path", [*PAGES, *OF_ONE])
def test_a_stranger_signs_in_first(stranger: Client, path: str) -> None:
    response = stranger.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/console/sign-in/?next={path}")


@pytest.mark.parametrize("path", ACTS)
def test_a_stranger_can_do_nothing(stranger: Client, path: str) -> None:
    response = stranger.post(path)
    assert (response.status_code, response["Location"]) == (302, f"/console/sign-in/?next={path}")


@pytest.mark.parametrize("path", PAGES)
def test_an_operator_sees_every_page(console: Client, path: str) -> None:
    response = console.get(path)
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        assert response["Location"].startswith("/console/?")


@pytest.mark.parametrize("path", OF_ONE)
def test_what_is_not_there_is_not_found(console: Client, path: str) -> None:
    assert console.get(path).status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *ACTS, *OF_ONE])
def test_somebody_of_the_platform_who_is_no_operator_is_refused(stranger: Client, path: str) -> None:
    with context.in_public():
        accounts.create(username="guest", full_name="A Guest", roles=[], password=PASSWORD, by=None, at=clock.now())
    stranger.post("/console/sign-in/", {"username": "guest", "password": PASSWORD})
    response = stranger.post(path) if path in ACTS else stranger.get(path)
    assert response.status_code == 403


@pytest.mark.parametrize("path", [*PAGES, *ACTS, *OF_ONE, "/console/sign-in/", "/api/platform/v1/schools/"])
def test_a_schools_host_has_no_console(cast: Cast, browse: object, path: str) -> None:
    assert callable(browse)
    client = browse(cast.mwangaza.head)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/students/", "/sign-in/", "/settings/", "/marks/", "/api/v1/students/", "/oauth/token"]
)
def test_the_public_host_has_no_page_of_a_school(console: Client, path: str) -> None:
    assert console.get(path).status_code == 404


def test_an_operator_signs_in_by_the_form_and_out_again(stranger: Client, cast: Cast) -> None:
    response = stranger.post("/console/sign-in/", {"username": "ann.chelimo", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/console/")
    assert stranger.get("/console/").status_code == 200
    assert stranger.post("/console/sign-out/")["Location"] == "/console/sign-in/"
    assert stranger.get("/console/").status_code == 302


def test_a_head_of_a_school_is_nobody_at_the_console(stranger: Client, cast: Cast) -> None:
    response = stranger.post("/console/sign-in/", {"username": cast.mwangaza.head.username, "password": PASSWORD})
    assert response.status_code == 400


def test_an_operator_is_nobody_at_a_school(cast: Cast) -> None:
    at_school = Client(HTTP_HOST=f"{SLUG}.{settings.PLATFORM_DOMAIN}")
    response = at_school.post("/sign-in/", {"username": "ann.chelimo", "password": PASSWORD})
    assert response.status_code == 400


def test_an_operators_cookie_opens_nothing_at_a_school(console: Client) -> None:
    response = console.get("/students/", headers={"host": f"{SLUG}.{settings.PLATFORM_DOMAIN}"})
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/students/")
