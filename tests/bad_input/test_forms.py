"""Whatever is typed into a form of either host: never an error of ours, and a refusal writes nothing."""

import os
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.bad_input.forms import WRITTEN, Form, bad_bodies, read
from tests.cast import Cast
from tests.permissions import objects
from tests.permissions.public import PUBLIC
from tests.permissions.table import TABLE, Row
from tests.permissions.test_table import named

Browse = Callable[..., Client]
Content = Callable[[], dict[str, str]]
THOROUGH = bool(os.environ.get("FUZZ"))
FILES = (".csv", "sw.js", ".webmanifest")


def with_forms(table: list[Row], letter: str) -> list[Row]:
    """The rows of pages that this person sees."""
    seen = [row for row in table if row.method == "GET" and row.expected()[letter] == 200]
    return [row for row in seen if not row.route.endswith(FILES) and "api/" not in row.route]


PAGES = with_forms(TABLE, "H")
ACTS = [row for row in TABLE if row.method == "POST"]
CONSOLE = with_forms(PUBLIC, "P")
CONSOLE_ACTS = [row for row in PUBLIC if row.method == "POST" and "api/" not in row.route]
ACTED = Form(
    "", [("pk", "1"), ("reason", "x"), ("name", "Ann"), ("to", "class"), ("students", "1"), ("act", "publish")]
)


class _Undone(Exception):
    """What one form wrote is undone before the next."""


@pytest.fixture(autouse=True)
def _answers_of_ours_are_seen(settings: object) -> None:
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False  # type: ignore[attr-defined]


def strike(browser: Client, forms: list[Form], content: Content) -> int:
    """Send every bad body of these forms; gives back how many."""
    browser.raise_request_exception = False
    before, sent = content(), 0
    for form in forms:
        for what, body in bad_bodies(form, thorough=THOROUGH):
            refused = False
            try:
                with transaction.atomic():
                    answer = browser.post(form.action, body, content_type=WRITTEN)
                    sent += 1
                    assert answer.status_code < 500, f"{form.action}: {what}: {answer.status_code}"
                    refused = answer.status_code >= 400
                    if refused:
                        assert content() == before, f"{form.action}: {what}: {answer.status_code}, and yet it wrote"
                    raise _Undone
            except _Undone:
                pass
    return sent


@pytest.mark.parametrize("row", PAGES, ids=named)
def test_the_forms_of_a_schools_page_stand_everything(cast: Cast, browse: Browse, content: Content, row: Row) -> None:
    names = objects.make(cast.mwangaza)
    path = row.path(names)
    browser = browse(cast.mwangaza.head)
    answer = browser.get(path, {"class": names["class"]})
    page = b"".join(answer).decode(errors="replace")  # a file is streamed, and holds no form
    own = [form for form in read(page, path) if form.action.startswith(path) and not COMMON(form)]
    assert own or not row.route.endswith(("/edit/", "/add/", "/new/", "/admit/", "/photo/", "account/", "settings/"))
    strike(browser, own, content)


def COMMON(form: Form) -> bool:  # noqa: N802 - read as a word of the sentence above
    """The forms that stand on every page; they are tried once, below."""
    return form.action in ("/theme/", "/language/", "/sign-out/")


@pytest.mark.parametrize("row", ACTS, ids=named)
def test_an_act_without_a_page_stands_everything(cast: Cast, browse: Browse, content: Content, row: Row) -> None:
    path = row.path(objects.make(cast.mwangaza))
    strike(browse(cast.mwangaza.head), [Form(path, ACTED.fields)], content)


@pytest.mark.parametrize("row", CONSOLE, ids=named)
def test_the_forms_of_the_console_stand_everything(cast: Cast, console: Client, content: Content, row: Row) -> None:
    path = row.path({"school": "mwangaza", "job": str(cast.mwangaza.school.pk)})
    answer = console.get(path)
    strike(console, [form for form in read(answer.content.decode(), path) if not COMMON(form)], content)


@pytest.mark.parametrize("row", CONSOLE_ACTS, ids=named)
def test_an_act_of_the_console_stands_everything(cast: Cast, console: Client, content: Content, row: Row) -> None:
    path = row.path({"school": "mwangaza", "job": str(cast.mwangaza.school.pk)})
    strike(console, [Form(path, [("reason", ""), ("typed", "mwangaza"), ("pk", "1")])], content)


@pytest.mark.parametrize("path", ["/sign-in/", "/forgot/"])
def test_the_door_stands_everything(cast: Cast, browse: Browse, content: Content, path: str) -> None:
    stranger = browse(None, school=cast.mwangaza.school)
    forms = [form for form in read(stranger.get(path).content.decode(), path) if form.action.startswith(path)]
    assert forms
    strike(stranger, forms, content)


BODIES: dict[str, tuple[bytes, str]] = {
    "three megabytes": (b"first_name=" + b"x" * 3_000_000, WRITTEN),
    "six thousand fields": (b"&".join(b"f%d=1" % n for n in range(6000)), WRITTEN),
    "JSON": (b'{"first_name": "Ann"}', "application/json"),
    "no type": (b"first_name=Ann", ""),
    "a charset that is none": (b"first_name=Ann", f"{WRITTEN}; charset=martian"),
    "UTF-16": ("first_name=Ann".encode("utf-16"), f"{WRITTEN}; charset=utf-16"),
    "multipart without a boundary": (b"--x\r\n\r\n", "multipart/form-data"),
    "multipart with an empty boundary": (b"--x\r\n\r\n", "multipart/form-data; boundary="),
    "multipart cut off": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
        "multipart/form-data; boundary=x",
    ),
    "multipart that never ends": (b"--x\r\n" * 5000, "multipart/form-data; boundary=x"),
    "multipart with a long head": (
        b'--x\r\nContent-Disposition: form-data; name="' + b"n" * 20_000 + b'"\r\n\r\nb\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "multipart with base64 that is none": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "bytes": (bytes(range(256)) * 8, "application/octet-stream"),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_no_form_is_refused(cast: Cast, browse: Browse, content: Content, what: str) -> None:
    body, kind = BODIES[what]
    amani = cast.mwangaza.amani.pk
    browser = browse(cast.mwangaza.head, raise_request_exception=False)
    before = content()
    for path in ("/students/admit/", f"/students/{amani}/edit/", f"/students/{amani}/photo/", "/imports/new/",
                 "/settings/look/logo/", "/marks/cells/", "/classes/move/", "/account/"):  # fmt: skip
        answer = browser.generic("POST", path, body, content_type=kind)
        assert answer.status_code in (302, 400, 404, 413, 415), f"{path}: {answer.status_code}"
    assert content() == before
    public = Client(HTTP_HOST=settings.PLATFORM_DOMAIN, raise_request_exception=False)
    for path in ("/console/sign-in/", "/theme/", "/language/"):
        assert public.generic("POST", path, body, content_type=kind).status_code in (302, 400, 413)


QUERIES = [
    "page=-1", "page=0", "page=99999999999999999999", "page=x&page=2", "sort=;drop", "sort=-", "sort=%00", "q=%00",
    "q=" + "x" * 10_000, "q=%ED%A0%80", "q=%FF", "q=%25%5F%5C", "class=not-an-id", "class=%00", "status=%00",
    "date=2026-02-30", "from=0000-00-00&to=9999-12-31", "from=9999-12-31", "day=%00", "year=99999999999", "view=%00",
    "next=//evil.example", "next=javascript:alert(1)", "tab=" + "y" * 5_000, "a[b]=c&=&&&;", "term=1e400", "size=NaN",
    "columns=%00&columns=password", "ids=%00&ids=1", "of=%00", "after=%00", "before=%ff", "actor=%00", "action=%00",
]  # fmt: skip


def together(queries: list[str]) -> list[str]:
    """The same parameters in as few addresses as hold each name once."""
    rounds: list[dict[str, str]] = []
    for query in queries:
        name = query.partition("=")[0]
        held = next((one for one in rounds if name not in one), None)
        if held is None:
            rounds.append(held := {})
        held[name] = query
    return ["&".join(one.values()) for one in rounds]


LISTS = ("students/", "guardians/", "staff/", "settings/audit/", "marks/results/", "search/", "console/")


@pytest.mark.parametrize("host", ["school", "platform"])
def test_every_page_stands_every_query(cast: Cast, browse: Browse, console: Client, host: str) -> None:
    head = browse(cast.mwangaza.head)
    table, browser = (TABLE, head) if host == "school" else (PUBLIC, console)
    browser.raise_request_exception = False
    names = {**objects.make(cast.mwangaza), "school": "mwangaza"}
    rows = [row for row in table if row.method == "GET" and not row.route.startswith(("api/", "oauth"))]
    broken = []
    for row in rows:
        for query in QUERIES if THOROUGH or row.route in LISTS else together(QUERIES)[:3]:
            answer = browser.get(f"{row.path(names)}?{query}")
            if answer.streaming:
                list(answer.streaming_content)
            if answer.status_code >= 500:
                broken.append((row.route, query))
            assert "evil.example" not in answer.get("Location", "").split("?")[0], (row.route, query)
    assert broken == []


IDS = ["x", "%00", "01a20000-0000-7000-8000-00000000000", "00000000-0000-0000-0000-000000000000", "..%2f..%2fetc", "é",
       "1" * 2_000, "%ED%A0%80", "%FF", "{{7}}", "'", "%25s", ";", "-1"]  # fmt: skip


def test_every_address_stands_every_id(cast: Cast, browse: Browse, console: Client) -> None:
    head = browse(cast.mwangaza.head, raise_request_exception=False)
    console.raise_request_exception = False
    for table, browser in ((TABLE, head), (PUBLIC, console)):
        for row in table:
            by_the_resolver = "<uuid:" in row.route and not THOROUGH
            for bad in (IDS[:4] if by_the_resolver else IDS) if row.names else ():
                path = row.path(dict.fromkeys([*row.names.values(), *row.names], bad))
                answer = browser.post(path) if row.method == "POST" else browser.get(path)
                assert answer.status_code in (400, 404, 302, 301, 405, 415), (
                    f"{row.method} {path}: {answer.status_code}"
                )
