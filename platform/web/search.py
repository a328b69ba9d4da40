"""Find anything: domains register how they look for their records; the search page and the palette show them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django_stubs_ext import StrOrPromise

from core import text

MOST_WORDS = 6
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found: its name, its page, and the quiet words that tell it from others of the same name."""

    title: str
    url: str
    note: str = ""
    icon: str = "right"


@dataclass(frozen=True, slots=True)
class Group:
    """What one domain found."""

    name: str
    label: StrOrPromise
    hits: tuple[Hit, ...]


Find = Callable[[Any, Sequence[str], int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    find: Find
    label: StrOrPromise
    order: int


_sources: dict[str, _Source] = {}


def register(name: str, find: Find, *, label: StrOrPromise = "", order: int = 50) -> None:
    """Offer `find(user, words, limit)`: at most `limit` hits that this user may see and that hold every word.

    `words` are in `core.text.search_form` (lower case, no accents), never empty. Called from AppConfig.ready().
    """
    _sources[name] = _Source(name, find, label or name.capitalize(), order)


def words_of(asked: str) -> list[str]:
    """What to look for, out of what somebody typed."""
    return text.search_form(asked[:LONGEST]).split()[:MOST_WORDS]


def for_user(user: Any, asked: str, *, limit: int = 8) -> list[Group]:
    """Everything this person may find, one group per domain; nothing was typed, nothing is found."""
    words = words_of(asked)
    if not words:
        return []
    found = []
    for source in sorted(_sources.values(), key=lambda source: (source.order, source.name)):
        hits = tuple(source.find(user, words, limit))[:limit]
        if hits:
            found.append(Group(source.name, source.label, hits))
    return found
