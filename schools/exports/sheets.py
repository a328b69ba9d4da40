"""Which lists can be taken home: each domain registers its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict
from django_stubs_ext import StrOrPromise

from core.errors import NotFound
from identity.models import User

Cell = object


@dataclass(frozen=True, slots=True)
class Table:
    """A list as rows: `head` names the columns, `wide` says how much room each takes on paper, `note` what was asked.

    `batches` are read once, in order; each row has as many cells as the head.
    """

    head: Sequence[str]
    batches: Iterable[Sequence[Sequence[Cell]]]
    wide: Sequence[int] = ()
    note: str = ""
    numbers: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One list. `allowed` decides who takes it home; `table` gets the user, the page's address and the chosen rows."""

    key: str
    label: StrOrPromise
    allowed: Callable[[User], bool]
    table: Callable[[User, QueryDict, Sequence[UUID] | None], Table]


_sheets: dict[str, Sheet] = {}


def register(sheet: Sheet) -> None:
    """Add a list; called from AppConfig.ready()."""
    _sheets[sheet.key] = sheet


def get(key: str) -> Sheet:
    """The list of this name; raises NotFound."""
    if key not in _sheets:
        raise NotFound(f"There is no list called {key}.")
    return _sheets[key]


def every() -> list[Sheet]:
    """All of them, by name."""
    return [_sheets[key] for key in sorted(_sheets)]
