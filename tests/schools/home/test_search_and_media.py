"""Finding anything, and the files behind signed addresses: each person only what is theirs."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from core import storage
from tenants import context
from tests.cast import Cast
from web import search

Browse = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_sources() -> Any:
    """What other domains register stays as it is after a test."""
    with patch.dict(search._sources):
        yield


def _find(client: Client, asked: str) -> str:
    response = client.get("/search/", {"q": asked}, HTTP_HX_REQUEST="true")
    assert response.status_code == 200
    return response.content.decode()


def test_a_page_of_the_rail_is_found_by_whoever_may_open_it(browse: Browse, cast: Cast) -> None:
    assert '<a href="/settings/">' in _find(browse(cast.mwangaza.head), "sett")
    assert "/settings/" not in _find(browse(cast.mwangaza.teacher), "sett")


def test_the_palette_gets_the_groups_alone_and_the_page_a_whole_page(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    part = _find(client, "settings")
    assert part.startswith('<div role="group" aria-label="Go to">')
    page = client.get("/search/?q=settings")
    assert "<!doctype html>" in page.content.decode()
    assert "HX-Request" in page["Vary"] and page["Cache-Control"] == "private, no-store"


def test_a_source_gets_plain_words_and_the_limit_is_kept(browse: Browse, cast: Cast) -> None:
    asked: list[tuple[Any, Sequence[str], int]] = []

    def find(user: Any, words: Sequence[str], limit: int) -> list[search.Hit]:
        asked.append((user.username, list(words), limit))
        return [search.Hit(f"Wanjikũ {n}", f"/w/{n}/", note="Grade 6") for n in range(50)]

    search.register("test", find, label="Wanjikus", order=1)
    html = _find(browse(cast.mwangaza.teacher), "  WANJIKŨ  o'brien ")
    assert asked == [("wanjiru.kamau", ["wanjiku", "o", "brien"], 6)]
    assert html.count("<a href=") == 6
    assert '<span class="end">Grade 6</span>' in html


def test_what_was_typed_is_marked_and_everything_is_text(browse: Browse, cast: Cast) -> None:
    canary = "<script>alert(1)</script>"
    search.register("test", lambda user, words, limit: [search.Hit(f"{canary} Ama", "/a/", note=canary)], label=canary)
    client = browse(cast.mwangaza.head)
    for html in (_find(client, "ama script"), client.get("/search/", {"q": f"ama {canary}"}).content.decode()):
        assert canary not in html
        assert "<mark>Ama</mark>" in html and "&lt;<mark>script</mark>&gt;" in html


@pytest.mark.parametrize("asked", ["", "   ", "!!!", "\0", "x" * 5000, "%", "' or 1=1 --", "🦒"])
def test_nothing_and_nonsense_find_nothing_and_are_no_error(browse: Browse, cast: Cast, asked: str) -> None:
    client = browse(cast.mwangaza.head)
    assert "<a href=" not in _find(client, asked)
    assert client.get("/search/", {"q": asked}).status_code == 200


def test_a_student_is_found_by_those_who_may_see_her(browse: Browse, cast: Cast) -> None:
    found = {role: "Amani" in _find(browse(user), "a2302") for role, user in cast.mwangaza.roles.items()}
    assert (found["head"], found["registrar"], found["teacher"], found["guardian"]) == (True, True, True, True)
    assert "Brian" not in _find(browse(cast.mwangaza.guardian), "brian")
    assert "Amani" not in _find(browse(cast.baraka.head), "amani")


# Files


def _file(cast: Cast, path: str, content: bytes = b"content") -> str:
    with context.in_school(cast.mwangaza.school):
        storage.save(path, content)
        return storage.url(path)


@pytest.mark.parametrize(
    ("path", "kind", "download"),
    [
        ("photos/a.webp", "image/webp", False),
        ("photos/a.avif", "image/avif", False),
        ("photos/a.JPG", "image/jpeg", False),
        ("papers/a.pdf", "application/pdf", True),
        ("papers/a.html", "application/octet-stream", True),
        ("papers/a.svg", "application/octet-stream", True),
        ("papers/a", "application/octet-stream", True),
    ],
)
def test_a_file_comes_with_its_type_and_can_never_act_as_a_page(
    browse: Browse, cast: Cast, path: str, kind: str, download: bool
) -> None:
    response = browse(cast.mwangaza.teacher).get(_file(cast, path))
    assert (response.status_code, response["Content-Type"], response.content) == (200, kind, b"content")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=3600"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (response.get("Content-Disposition") == "attachment") is download


def test_a_file_is_for_whoever_is_signed_in_and_the_open_ones_for_everybody(browse: Browse, cast: Cast) -> None:
    stranger = browse(None, school=cast.mwangaza.school)
    assert stranger.get(_file(cast, "photos/b.png")).status_code == 302
    assert stranger.get(_file(cast, "open/b.png")).status_code == 200


def test_an_address_of_another_school_a_forged_and_an_old_one_are_404(browse: Browse, cast: Cast) -> None:
    address = _file(cast, "photos/c.png")
    with context.in_school(cast.baraka.school):
        storage.save("photos/c.png", b"of Baraka")
    assert browse(cast.baraka.head).get(address).status_code == 404
    here = browse(cast.mwangaza.head)
    assert here.get(address.replace("photos/c", "photos/d")).status_code == 404
    assert here.get(f"{address}x").status_code == 404
    with patch("django.core.signing.time.time", lambda: (timezone.now() + timedelta(hours=2, seconds=1)).timestamp()):
        assert here.get(address).status_code == 404
    assert here.get(address).status_code == 200


def test_a_file_that_is_gone_is_404(browse: Browse, cast: Cast) -> None:
    address = _file(cast, "photos/e.png")
    with context.in_school(cast.mwangaza.school):
        storage.delete("photos/e.png")
    assert browse(cast.mwangaza.head).get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "../../etc/passwd", "a:b:c", "%00", "photos/a.png"])
def test_what_was_never_signed_is_404(browse: Browse, cast: Cast, token: str) -> None:
    assert browse(cast.mwangaza.head).get(f"/media/{token}").status_code == 404
