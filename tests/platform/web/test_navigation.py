"""Each role finds its own way: the rail, four tabs and More, and the entry that the open page belongs to."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path, resolve

from web import navigation, tiles


def page(request: HttpRequest, **captured: str) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", page, name="home"),
    path("students/", page, name="students"),
    path("students/<str:pk>/", page, name="student"),
    path("guardians/<str:pk>/", page, name="guardian"),
    path("register/", page, name="register"),
    path("marks/", page, name="marks"),
    path("fees/", page, name="fees"),
    path("messages/", page, name="messages"),
    path("settings/", page, name="settings"),
]


class Person(SimpleNamespace):
    is_authenticated = True

    def has_role(self, *roles: str) -> bool:
        return bool(set(roles) & set(self.roles))


head = Person(full_name="Jane Njeri", roles=["head"])
teacher = Person(full_name="Wanjiru Kamau", roles=["teacher"])


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(tiles, "_tiles", {})
    with override_settings(ROOT_URLCONF=__name__):
        yield


def offer(key: str, **more: Any) -> None:
    defaults: dict[str, Any] = {"label": key.title(), "icon": "users", "url_name": key, "order": 10}
    navigation.register(navigation.Item(key, **{**defaults, **more}))


def at(address: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address)
    return request


def keys(entries: Any) -> list[str]:
    return [entry.item.key for entry in entries]


def test_a_person_sees_only_the_entries_of_their_roles_in_order() -> None:
    offer("settings", roles=("head",), section="office")
    offer("students", roles=("head", "teacher"), order=20)
    offer("home", order=10)
    offer("fees", roles=("bursar",), section="office")
    assert [(s.key, keys(s.entries)) for s in navigation.for_user(head, at("/")).sections] == [
        ("main", ["home", "students"]),
        ("office", ["settings"]),
    ]
    assert [(s.key, keys(s.entries)) for s in navigation.for_user(teacher, at("/")).sections] == [
        ("main", ["home", "students"])
    ]


def test_nobody_is_shown_nothing() -> None:
    offer("home")
    nav = navigation.for_user(SimpleNamespace(is_authenticated=False), at("/"))
    assert (nav.sections, nav.tabs, nav.more) == ((), (), ())


def test_the_phone_has_four_tabs_and_the_rest_opens_under_more() -> None:
    for order, key in enumerate(["home", "students", "register", "marks", "fees", "messages"]):
        offer(key, order=order, tab=key != "students")
    nav = navigation.for_user(head, at("/messages/"))
    assert keys(nav.tabs) == ["home", "register", "marks", "fees"]
    assert keys(nav.more) == ["students", "messages"]
    assert nav.more_is_current


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/", "home"),
        ("/students/", "students"),
        ("/students/7/", "students"),
        ("/guardians/7/", "students"),
        ("/fees/", None),
    ],
)
def test_the_entry_of_the_open_page_is_marked(address: str, current: str | None) -> None:
    offer("home")
    offer("students", match=("guardian",))
    nav = navigation.for_user(head, at(address))
    assert (nav.current.item.key if nav.current else None) == current


def test_what_waits_is_counted_once_and_behind_more_too() -> None:
    asked: list[str] = []

    def waiting(request: HttpRequest) -> int:
        asked.append(request.path)
        return 3

    offer("home", tab=True)
    offer("register", badge=waiting)
    nav = navigation.for_user(head, at("/"))
    assert asked == []
    assert [entry.badge for entry in nav.more] == [3]
    assert nav.more_badge == 3
    assert asked == ["/"]


def test_an_unknown_section_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"^students: no section is called elsewhere\.$"):
        offer("students", section="elsewhere")


def test_home_shows_each_role_its_blocks_and_hides_those_with_nothing_to_say() -> None:
    def tile(key: str, column: str, order: int, roles: tuple[str, ...] = (), say: bool = True) -> None:
        context = {"key": key} if say else None
        tiles.register(tiles.Tile(key, roles, "x.html", lambda request: context, order, column))

    tile("second", "main", 20)
    tile("first", "main", 10)
    tile("beside", "side", 10)
    tile("quiet", "side", 5, say=False)
    tile("money", "main", 1, roles=("bursar",))
    board = tiles.for_user(head, at("/"))
    assert [f.context["key"] for f in board.main] == ["first", "second"]
    assert [tuple(f and f.context["key"] for f in row) for row in board.rows] == [("first", "beside"), ("second", None)]
    assert not board.is_empty
    with pytest.raises(ValueError, match=r"^x: no column is called left\.$"):
        tile("x", "left", 1)
