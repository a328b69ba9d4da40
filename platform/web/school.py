"""What the look knows of the school: its name from the scope, the rest from whoever registers to tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core import scope
from web import colour


@dataclass(frozen=True, slots=True)
class Facts:
    """The words and the crest at the top of every page."""

    name: str
    short_name: str
    place: str = ""
    motto: str = ""
    term: str = ""
    accent: str = colour.DEFAULT_ACCENT
    accent_dark: str = ""
    logo_url: str = ""
    emblem: str = "sun"
    state: str = ""

    @property
    def line(self) -> str:
        """The quiet line under the name: place and term; asked for only where it is shown."""
        return " · ".join(part for part in (self.place, self.term, *(told() for told in _standings)) if part)


Teller = Callable[[], Mapping[str, Any]]
Standing = Callable[[], str]
_tellers: list[Teller] = []
_standings: list[Standing] = []
_KNOWN = ("name", "short_name", "place", "motto", "term", "accent", "logo_url", "emblem")


def register(teller: Teller) -> None:
    """Add someone who tells facts of the current school, as a mapping of Facts' names; a later one wins."""
    if teller not in _tellers:
        _tellers.append(teller)


def register_standing(standing: Standing) -> None:
    """Add someone who tells, in a few words, where in its year the school stands today."""
    if standing not in _standings:
        _standings.append(standing)


def current() -> Facts | None:
    """The facts of the current school, or None on the platform's own host."""
    here = scope.current_or_none()
    if here is None or here.is_public:
        return None
    told: dict[str, Any] = {"name": here.name}
    for source in (here.facts, *(teller() for teller in _tellers)):
        told.update({key: str(source[key]) for key in _KNOWN if source.get(key)})
    told.setdefault("short_name", _short(told["name"]))
    told.setdefault("accent", colour.DEFAULT_ACCENT)
    return Facts(**told, accent_dark=colour.on_dark(told["accent"]), state=here.state)


def _short(name: str) -> str:
    """The name without its last words that every school has, for narrow screens and the home screen's icon."""
    words = name.split()
    while len(words) > 1 and words[-1].strip(".").lower() in {"school", "academy", "primary", "secondary", "high"}:
        words.pop()
    return " ".join(words)
