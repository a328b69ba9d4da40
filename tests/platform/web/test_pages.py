"""The pages of the look on a school's host and on the platform's own."""

import re
from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory, override_settings

from core import scope
from tenants.models import School
from tests.cast import Cast
from web import errors

Browse = Callable[..., Client]


def test_every_component_is_drawn_in_both_themes(browse: Browse, mwangaza: School) -> None:
    html = browse(None, school=mwangaza).get("/ui/").content.decode()
    assert html.count('class="pane" data-theme="light"') == html.count('class="pane" data-theme="dark"') == 19
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_in_production_the_components_are_for_signed_in_people(browse: Browse, cast: Cast) -> None:
    with override_settings(SHOW_UI_PAGE=False):
        stranger = browse(None, school=cast.mwangaza.school).get("/ui/")
        assert (stranger.status_code, stranger["Location"]) == (302, "/sign-in/?next=%2Fui%2F")
        assert browse(cast.mwangaza.head).get("/ui/").status_code == 200


def test_a_chosen_theme_is_kept_and_given_back_to_the_device(browse: Browse, mwangaza: School) -> None:
    client = browse(None, school=mwangaza)
    assert "data-theme" not in re.search(r"<html[^>]*>", client.get("/ui/").content.decode())[0]  # type: ignore[index]
    answer = client.post("/theme/", {"theme": "dark", "next": "/ui/"})
    assert (answer.status_code, answer["Location"]) == (302, "/ui/")
    assert '<html lang="en" data-theme="dark">' in client.get("/ui/").content.decode()
    client.post("/theme/", {"theme": ""})
    assert '<html lang="en">' in client.get("/ui/").content.decode()


def test_a_theme_that_does_not_exist_is_not_kept(browse: Browse, mwangaza: School) -> None:
    client = browse(None, school=mwangaza)
    client.post("/theme/", {"theme": '"><script>'})
    assert client.cookies["theme"].value == ""
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/ui/").content.decode().split("</head>")[0]


def test_the_language_is_switched_for_the_device(browse: Browse, mwangaza: School) -> None:
    client = browse(None, school=mwangaza)
    client.post("/language/", {"language": "sw"})
    html = client.get("/ui/").content.decode()
    assert '<html lang="sw">' in html
    assert "Vitufe na viungo" in html
    client.post("/language/", {"language": "de"})
    assert '<html lang="sw">' in client.get("/ui/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_switch_never_leads_to_another_site(browse: Browse, mwangaza: School, target: str) -> None:
    for address in ("/theme/", "/language/"):
        assert browse(None, school=mwangaza).post(address, {"next": target})["Location"] == "/"


def test_a_switch_is_no_link(browse: Browse, mwangaza: School) -> None:
    for address in ("/theme/", "/language/"):
        assert browse(None, school=mwangaza).get(address).status_code == 405


def test_the_worker_is_asked_for_anew_and_names_its_cache_by_what_is_in_it(browse: Browse, mwangaza: School) -> None:
    answer = browse(None, school=mwangaza).get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    script = answer.content.decode()
    assert re.search(r'const CACHE = "shell-[0-9a-f]{12}";', script)
    assert '"/offline"' in script
    assert "web/shule" in script


def test_the_kill_switch_removes_the_worker_and_what_it_kept(browse: Browse, mwangaza: School) -> None:
    with override_settings(SERVICE_WORKER=False):
        script = browse(None, school=mwangaza).get("/sw.js").content.decode()
    assert "registration.unregister()" in script
    assert "caches.delete" in script
    assert "fetch" not in script


def test_the_offline_page_says_nothing_of_the_person_who_kept_it(browse: Browse, cast: Cast) -> None:
    html = browse(cast.mwangaza.head).get("/offline").content.decode()
    assert "There is no signal here" in html
    assert cast.mwangaza.head.full_name not in html
    assert "csrfmiddlewaretoken" not in html


def test_the_app_on_the_home_screen_has_the_schools_name(browse: Browse, mwangaza: School) -> None:
    answer = browse(None, school=mwangaza).get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["name"], told["start_url"], told["display"]) == (mwangaza.name, "/", "standalone")
    assert {(icon["sizes"], icon["type"]) for icon in told["icons"]} == {
        ("192x192", "image/png"),
        ("512x512", "image/png"),
    }


def test_each_error_page_says_what_to_do_and_comes_without_a_database() -> None:
    request = RequestFactory().get("/students/7/")
    request.request_id = "0192abcd"  # type: ignore[attr-defined]
    pages = {
        errors.not_allowed(request): (403, "ask the head"),
        errors.not_found(request, reason="No student has this number."): (404, "No student has this number."),
        errors.broken(request): (500, "0192abcd"),
        errors.csrf_failure(request): (403, 'href="/students/7/"'),
        errors.read_only(request): (403, "Nothing was changed"),
        errors.suspended(request, school_name="Mwangaza <School>"): (403, "Mwangaza &lt;School&gt; is closed for now"),
        errors.unknown_host(request, host="<x>", public_url="https://shule.example"): (404, "Nothing is at &lt;x&gt;."),
    }
    for answer, (status, words) in pages.items():
        assert answer.status_code == status
        assert words in answer.content.decode()
    assert scope.current_or_none() is None


def test_a_teller_that_fails_does_not_hide_the_first_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise ConnectionError

    monkeypatch.setattr(errors.school, "current", fails)
    assert errors.not_found(RequestFactory().get("/")).status_code == 404
