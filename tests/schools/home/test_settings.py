"""Settings of the school: words, crest, logo and terms, changed by the head and read by the registrar."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from audit.models import Entry
from core import storage
from schools.academics.models import Term
from tenants import context
from tenants.models import School
from tests.cast import Cast

Browse = Callable[..., Client]
Commit = Callable[..., Any]
CANARY = "<script>alert(9)</script>"
PROFILE = {
    "name": "Mwangaza Academy",
    "short_name": "Mwangaza",
    "motto": "Nuru kwa wote",
    "place": "Nakuru",
    "phone": "0722 418 093",
    "email": "office@mwangaza.example",
    "address": "P.O. Box 7, Nakuru 20100",
    "language": "sw",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def post(django_capture_on_commit_callbacks: Commit) -> Callable[..., Any]:
    """`post(client, path, form)`, with what happens after the commit."""

    def send(client: Client, path: str, form: dict[str, Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, form)

    return send


def _facts(school: School) -> dict[str, Any]:
    with context.in_public():
        row = School.objects.get(pk=school.pk)
    return {"name": row.name, **row.facts}


def _picture(format: str = "PNG", size: tuple[int, int] = (300, 200), mode: str = "RGB") -> bytes:  # noqa: A002
    out = io.BytesIO()
    Image.new(mode, size, "#7a2330").save(out, format)
    return out.getvalue()


def _upload(content: bytes, name: str = "logo.png") -> dict[str, Any]:
    return {"logo": SimpleUploadedFile(name, content, "image/png")}


def _presented(cast: Cast) -> list[dict[str, Any]]:
    with context.in_school(cast.mwangaza.school):
        return list(Entry.objects.filter(action="school.presented").order_by("pk").values_list("changes", flat=True))


# Words


def test_the_head_changes_the_words_and_every_page_shows_them(browse: Browse, cast: Cast, post: Any) -> None:
    client = browse(cast.mwangaza.head)
    response = post(client, "/settings/", PROFILE)
    assert (response.status_code, response["Location"]) == (302, "/settings/")
    wanted = {**PROFILE, "phone": "+254722418093"}
    assert {key: _facts(cast.mwangaza.school)[key] for key in wanted} == wanted
    door = browse(None, school=cast.mwangaza.school).get("/sign-in/")
    assert "Mwangaza Academy" in door.content.decode() and "Nuru kwa wote" in door.content.decode()
    assert door["Content-Language"] == "sw"
    (changes,) = _presented(cast)
    assert changes["name"] == ["Mwangaza School", "Mwangaza Academy"]
    assert changes["motto"] == [None, "Nuru kwa wote"]


def test_saving_the_same_twice_is_one_line_in_the_trail(browse: Browse, cast: Cast, post: Any) -> None:
    client = browse(cast.mwangaza.head)
    for _ in range(2):
        assert post(client, "/settings/", PROFILE).status_code == 302
    assert len(_presented(cast)) == 1


def test_a_word_that_is_emptied_is_gone(browse: Browse, cast: Cast, post: Any) -> None:
    client = browse(cast.mwangaza.head)
    post(client, "/settings/", PROFILE)
    post(client, "/settings/", {**PROFILE, "motto": ""})
    assert "motto" not in _facts(cast.mwangaza.school)
    assert _presented(cast)[1] == {"motto": ["Nuru kwa wote", None]}


@pytest.mark.parametrize("field", ["name", "short_name", "motto", "place"])
def test_a_words_tags_are_text_on_every_page(browse: Browse, cast: Cast, post: Any, field: str) -> None:
    client = browse(cast.mwangaza.head)
    assert post(client, "/settings/", {**PROFILE, field: CANARY}).status_code == 302
    for path in ("/", "/settings/", "/settings/look/", "/settings/audit/", "/account/", "/search/?q=x", "/nowhere/"):
        assert CANARY not in client.get(path).content.decode()
    stranger = browse(None, school=cast.mwangaza.school)
    for path in ("/sign-in/", "/forgot/", "/welcome/x/"):
        assert CANARY not in stranger.get(path).content.decode()
    assert stranger.get("/manifest.webmanifest").json()["name"] == (CANARY if field == "name" else "Mwangaza Academy")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "This field is required."),
        ("name", "x", "Type the school&#x27;s name."),
        ("name", "x" * 121, "at most 120 characters"),
        ("short_name", "x" * 31, "at most 30 characters"),
        ("phone", "the office", "This is not a phone number. It looks like 0722 418 093."),
        ("email", "office", "Enter a valid email address."),
        ("language", "xx", "Select a valid choice."),
        ("motto", "a\0b", "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(
    browse: Browse, cast: Cast, post: Any, field: str, value: str, said: str
) -> None:
    before = _facts(cast.mwangaza.school)
    response = post(browse(cast.mwangaza.head), "/settings/", {**PROFILE, field: value})
    assert response.status_code == 400
    assert said in response.content.decode()
    assert _facts(cast.mwangaza.school) == before
    assert _presented(cast) == []


def test_the_other_school_keeps_its_own_words(browse: Browse, cast: Cast, post: Any) -> None:
    before = _facts(cast.baraka.school)
    post(browse(cast.mwangaza.head), "/settings/", PROFILE)
    assert _facts(cast.baraka.school) == before


# Crest and logo


def test_a_colour_that_can_be_seen_is_kept(browse: Browse, cast: Cast, post: Any) -> None:
    client = browse(cast.mwangaza.head)
    response = post(client, "/settings/look/", {"accent": "#7A2330", "emblem": "book"})
    assert (response.status_code, response["Location"]) == (302, "/settings/look/")
    assert _facts(cast.mwangaza.school)["accent"] == "#7a2330"
    assert 'fill="#7a2330"' in client.get("/").content.decode()
    (changes,) = _presented(cast)
    assert changes == {"accent": [None, "#7a2330"], "emblem": [None, "book"]}


@pytest.mark.parametrize(
    ("accent", "said"),
    [
        ("#ffff66", "#ffff66 is too light for white paper"),
        ("#ffffff", "#ffffff is too light for white paper"),
        ("red", "Type a colour as # and six digits, for example #7a2330."),
        ("", "This field is required."),
    ],
)
def test_a_colour_that_cannot_be_seen_is_refused_with_the_reason(
    browse: Browse, cast: Cast, post: Any, accent: str, said: str
) -> None:
    response = post(browse(cast.mwangaza.head), "/settings/look/", {"accent": accent, "emblem": "sun"})
    assert response.status_code == 400
    assert said in response.content.decode()
    assert "accent" not in _facts(cast.mwangaza.school)


def test_an_emblem_that_does_not_exist_is_refused(browse: Browse, cast: Cast, post: Any) -> None:
    response = post(browse(cast.mwangaza.head), "/settings/look/", {"accent": "#7a2330", "emblem": "lion"})
    assert response.status_code == 400
    assert "emblem" not in _facts(cast.mwangaza.school)


@pytest.mark.parametrize(
    ("format", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK"), ("WEBP", "RGB"), ("PNG", "1")]
)
def test_a_logo_is_written_anew_and_shown_to_everybody_at_the_door(
    browse: Browse,
    cast: Cast,
    post: Any,
    format: str,  # noqa: A002
    mode: str,
) -> None:
    client = browse(cast.mwangaza.head)
    picture = io.BytesIO()
    Image.new(mode, (900, 600)).save(picture, format)
    assert post(client, "/settings/look/logo/", _upload(picture.getvalue())).status_code == 302
    path = _facts(cast.mwangaza.school)["logo"]
    assert path.startswith("open/logo-") and path.endswith(".webp")
    with context.in_school(cast.mwangaza.school):
        address = storage.url(path)
    stranger = browse(None, school=cast.mwangaza.school)
    assert f'src="{address}"' in stranger.get("/sign-in/").content.decode()
    shown = stranger.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    kept = Image.open(io.BytesIO(shown.content))
    assert (kept.format, kept.size) == ("WEBP", (512, 341))


def test_nothing_of_the_upload_but_its_picture_is_kept(browse: Browse, cast: Cast, post: Any) -> None:
    client = browse(cast.mwangaza.head)
    post(client, "/settings/look/logo/", _upload(_picture() + b"<?php evil(); ?>" + CANARY.encode(), "../../x.php"))
    path = _facts(cast.mwangaza.school)["logo"]
    with context.in_school(cast.mwangaza.school):
        content = storage.read(path)
    assert b"evil" not in content and b"script" not in content
    assert ".." not in path and "php" not in path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a picture", "This is not a picture. Choose a PNG, JPEG or WebP file."),
        (b"", "The submitted file is empty."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "This is not a picture."),
        (_picture("GIF"), "This is not a picture."),
        (_picture("BMP"), "This is not a picture."),
        (_picture()[:60], "This is not a picture."),
        (_picture(size=(10, 10)), "The picture is too small: 32 points a side at least."),
        (_picture(size=(5000, 5000), mode="1"), "The picture has more than 16 million points. Make it smaller."),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (2 * 1024 * 1024), "The file is larger than 2 MB. Choose a smaller one."),
    ],
)
def test_a_logo_that_is_no_usable_picture_is_refused(
    browse: Browse, cast: Cast, post: Any, content: bytes, said: str
) -> None:
    response = post(browse(cast.mwangaza.head), "/settings/look/logo/", _upload(content))
    assert response.status_code == 400
    assert said in response.content.decode()
    assert "logo" not in _facts(cast.mwangaza.school)


def test_no_file_at_all_is_refused(browse: Browse, cast: Cast, post: Any) -> None:
    assert post(browse(cast.mwangaza.head), "/settings/look/logo/", {}).status_code == 400
    assert post(browse(cast.mwangaza.head), "/settings/look/logo/", {"logo": "text"}).status_code == 400


def test_a_new_logo_takes_the_old_ones_place_and_it_can_be_taken_down(browse: Browse, cast: Cast, post: Any) -> None:
    client = browse(cast.mwangaza.head)
    paths = []
    for size in ((100, 100), (120, 90)):
        post(client, "/settings/look/logo/", _upload(_picture(size=size)))
        paths.append(_facts(cast.mwangaza.school)["logo"])
    assert paths[0] != paths[1]
    with context.in_school(cast.mwangaza.school):
        first, second = (storage.url(path) for path in paths)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert post(client, "/settings/look/logo/remove/", {}).status_code == 302
    assert "logo" not in _facts(cast.mwangaza.school)
    assert client.get(second).status_code == 404
    assert [list(changes) for changes in _presented(cast)] == [["logo"]] * 3


# Terms


def _term(**changes: str) -> dict[str, str]:
    return {
        "name": "Term 2",
        "starts_on": "2026-04-28",
        "ends_on": "2026-07-30",
        "half_term_starts_on": "2026-06-24",
        "half_term_ends_on": "2026-06-28",
        **changes,
    }


def test_the_head_moves_a_term_and_its_half_term(browse: Browse, cast: Cast) -> None:
    term = cast.mwangaza.term
    response = browse(cast.mwangaza.head).post(f"/settings/terms/{term.pk}/", _term())
    assert (response.status_code, response["Location"]) == (302, "/settings/terms/")
    with context.in_school(cast.mwangaza.school):
        moved = Term.objects.get(pk=term.pk)
        assert (moved.starts_on, moved.ends_on) == (date(2026, 4, 28), date(2026, 7, 30))
        assert (moved.half_term_starts_on, moved.half_term_ends_on) == (date(2026, 6, 24), date(2026, 6, 28))
        entry = Entry.objects.get(action="term.changed")
        assert (entry.actor_id, entry.object_id) == (cast.mwangaza.head.pk, str(term.pk))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"starts_on": "2026-03-01"}, "These dates overlap Term 1."),
        ({"ends_on": "2026-08-25"}, "These dates overlap Term 3."),
        ({"ends_on": "2026-04-01"}, "The term closes before it opens."),
        ({"starts_on": "2025-12-01"}, "The term lies outside the year"),
        ({"half_term_ends_on": ""}, "Half-term needs both its first and its last day."),
        ({"half_term_starts_on": "2026-04-01"}, "Half-term must lie inside the term."),
        ({"starts_on": "2026-13-45"}, "Enter a valid date."),
        ({"starts_on": "yesterday"}, "Enter a valid date."),
        ({"starts_on": ""}, "This field is required."),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 41}, "at most 40 characters"),
    ],
)
def test_a_term_that_cannot_lie_there_is_refused(
    browse: Browse, cast: Cast, changes: dict[str, str], said: str
) -> None:
    response = browse(cast.mwangaza.head).post(f"/settings/terms/{cast.mwangaza.term.pk}/", _term(**changes))
    assert response.status_code == 400
    assert said in response.content.decode()
    with context.in_school(cast.mwangaza.school):
        assert Term.objects.get(pk=cast.mwangaza.term.pk).starts_on == date(2026, 4, 27)


def test_the_terms_of_every_year_are_listed(browse: Browse, cast: Cast) -> None:
    html = browse(cast.mwangaza.head).get("/settings/terms/").content.decode()
    assert "Mon 27 Apr – Fri 31 Jul" in html and "Term 1" in html and "Term 3" in html


def test_another_schools_term_does_not_exist_here(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.head)
    assert client.get(f"/settings/terms/{cast.baraka.term.pk}/").status_code == 404
    assert client.post(f"/settings/terms/{cast.baraka.term.pk}/", _term()).status_code == 404
    assert client.get("/settings/terms/not-a-key/").status_code == 404


# Who may


READ = ["/settings/", "/settings/look/", "/settings/terms/"]
HEAD_ONLY = ["/settings/access/", "/settings/access/key/", "/settings/access/client/", "/settings/audit/"]
WRITES = ["/settings/", "/settings/look/", "/settings/look/logo/", "/settings/look/logo/remove/"]


@pytest.mark.parametrize("path", READ)
def test_head_and_registrar_read_the_settings_and_nobody_else(browse: Browse, cast: Cast, path: str) -> None:
    answers = {role: browse(user).get(path).status_code for role, user in cast.mwangaza.roles.items()}
    assert answers == {"head": 200, "registrar": 200, "teacher": 403, "bursar": 403, "guardian": 403, "student": 403}


@pytest.mark.parametrize("path", HEAD_ONLY)
def test_programs_and_the_trail_are_the_heads_alone(browse: Browse, cast: Cast, path: str) -> None:
    answers = {role: browse(user).get(path).status_code for role, user in cast.mwangaza.roles.items()}
    assert answers == {"head": 200, "registrar": 403, "teacher": 403, "bursar": 403, "guardian": 403, "student": 403}


@pytest.mark.parametrize("path", [*READ, *HEAD_ONLY, "/", "/search/"])
def test_who_is_not_signed_in_goes_to_the_door(browse: Browse, cast: Cast, path: str) -> None:
    response = browse(None, school=cast.mwangaza.school).get(path)
    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={path}")


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize("role", ["registrar", "teacher", "bursar", "guardian", "student"])
def test_only_the_head_writes_and_a_refusal_changes_nothing(
    browse: Browse, cast: Cast, post: Any, path: str, role: str
) -> None:
    before = _facts(cast.mwangaza.school)
    form = {**PROFILE, "accent": "#7a2330", "emblem": "book", **_upload(_picture())}
    assert post(browse(cast.mwangaza.roles[role]), path, form).status_code == 403
    assert _facts(cast.mwangaza.school) == before
    assert _presented(cast) == []


def test_the_registrar_reads_words_without_a_form(browse: Browse, cast: Cast) -> None:
    html = browse(cast.mwangaza.registrar).get("/settings/").content.decode()
    assert "Only the head changes these" in html and "Mwangaza School" in html
    assert 'name="motto"' not in html and "Who changed what" not in html
