"""Blocks of the home page: domains register what each role should see first, the home page lays them out."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest

COLUMNS = ("top", "main", "side")


@dataclass(frozen=True, slots=True)
class Tile:
    """One block; `context` returns what its template needs, or None when there is nothing to show."""

    key: str
    roles: tuple[str, ...]
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int = 50
    column: str = "main"


@dataclass(frozen=True, slots=True)
class Filled:
    """A tile with what it says today."""

    tile: Tile
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Board:
    """The tiles of one person: a strip on top, then rows of a wide and a narrow block."""

    top: tuple[Filled, ...] = ()
    main: tuple[Filled, ...] = ()
    side: tuple[Filled, ...] = ()

    @property
    def rows(self) -> list[tuple[Filled | None, Filled | None]]:
        """Wide and narrow blocks side by side, in order."""
        return list(zip_longest(self.main, self.side))

    @property
    def is_empty(self) -> bool:
        """True when no domain has anything for this person."""
        return not (self.top or self.main or self.side)


_tiles: dict[str, Tile] = {}


def register(tile: Tile) -> None:
    """Offer a block; called from a domain's AppConfig.ready(). The same key again replaces it."""
    if tile.column not in COLUMNS:
        raise ValueError(f"{tile.key}: no column is called {tile.column}.")
    _tiles[tile.key] = tile


def for_user(user: Any, request: HttpRequest) -> Board:
    """What this person's home page shows now."""
    columns: dict[str, list[Filled]] = {name: [] for name in COLUMNS}
    for tile in sorted(_tiles.values(), key=lambda tile: (tile.order, tile.key)):
        if tile.roles and not user.has_role(*tile.roles):
            continue
        context = tile.context(request)
        if context is not None:
            columns[tile.column].append(Filled(tile, context))
    return Board(**{name: tuple(filled) for name, filled in columns.items()})
