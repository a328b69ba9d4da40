"""Where a person can go: domains register entries, the rail and the phone's tab bar show them by role."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

Words = str | Promise
SECTIONS: dict[str, Words] = {"main": "", "office": _("Office"), "safety": _("Safety")}
TABS = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the rail; `roles` empty means everyone who is signed in, `tab` offers it to the phone's bar."""

    key: str
    label: Words
    icon: str
    url_name: str
    roles: tuple[str, ...] = ()
    section: str = "main"
    order: int = 50
    badge: Callable[[HttpRequest], int] | None = None
    tab: bool = False
    short: Words = ""
    match: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An item as one person sees it now."""

    item: Item
    url: str
    current: bool
    request: HttpRequest = field(repr=False)

    @property
    def label(self) -> Words:
        """The words on the rail."""
        return self.item.label

    @property
    def short(self) -> Words:
        """The word on a tab, where a long label would wrap."""
        return self.item.short or self.item.label

    @property
    def icon(self) -> str:
        """The name of its symbol in the sprite."""
        return self.item.icon

    @cached_property
    def badge(self) -> int:
        """How many things wait there; asked once per page, and only when shown."""
        return self.item.badge(self.request) if self.item.badge else 0


@dataclass(frozen=True, slots=True)
class Section:
    """A group of entries under one heading; the main group has none."""

    key: str
    label: Words
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Nav:
    """The whole navigation of one page: the rail's sections, the phone's tabs and what opens under More."""

    sections: tuple[Section, ...] = ()
    tabs: tuple[Entry, ...] = ()
    more: tuple[Entry, ...] = ()

    @property
    def current(self) -> Entry | None:
        """The entry that the open page belongs to."""
        return next((e for s in self.sections for e in s.entries if e.current), None)

    @property
    def more_is_current(self) -> bool:
        """True when the open page is one that a phone reaches through More."""
        return any(e.current for e in self.more)

    @property
    def more_badge(self) -> int:
        """What waits behind More, so that nothing hides there."""
        return sum(e.badge for e in self.more)


_items: dict[str, Item] = {}


def register(item: Item) -> None:
    """Offer an entry; called from a domain's AppConfig.ready(). The same key again replaces it."""
    if item.section not in SECTIONS:
        raise ValueError(f"{item.key}: no section is called {item.section}.")
    _items[item.key] = item


def items() -> list[Item]:
    """Everything on offer, in the order of the rail."""
    sections = list(SECTIONS)
    return sorted(_items.values(), key=lambda item: (sections.index(item.section), item.order, item.key))


def for_user(user: Any, request: HttpRequest) -> Nav:
    """The entries this person may see, with the one marked that the open page belongs to."""
    if not getattr(user, "is_authenticated", False):
        return Nav()
    seen = [item for item in items() if not item.roles or user.has_role(*item.roles)]
    urls = {item.key: reverse(item.url_name) for item in seen}
    here = _current_key(seen, urls, request)
    entries = [Entry(item, urls[item.key], item.key == here, request) for item in seen]
    sections = tuple(
        Section(key, label, group)
        for key, label in SECTIONS.items()
        if (group := tuple(e for e in entries if e.item.section == key))
    )
    tabs = tuple(e for e in entries if e.item.tab)[: TABS - 1]
    return Nav(sections, tabs, tuple(e for e in entries if e not in tabs))


def _current_key(seen: Iterable[Item], urls: dict[str, str], request: HttpRequest) -> str:
    """The page's own entry, else one that claims it by name, else the one whose address it lies under."""
    resolved = request.resolver_match
    view = resolved.view_name if resolved else ""
    for item in seen:
        if view == item.url_name:
            return item.key
    for item in seen:
        if view in item.match:
            return item.key
    under = [key for key, url in urls.items() if url != "/" and request.path.startswith(url)]
    return max(under, key=lambda key: len(urls[key]), default="")
