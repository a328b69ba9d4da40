"""The demo's year of life: each domain registers how to give its part to a demo school."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tenants.models import School


@dataclass(slots=True)
class Stage:
    """What the loaders of one demo school share: its seed, its day, and the people that earlier loaders made."""

    school: School
    kind: str
    today: date
    at: datetime
    chance: random.Random
    made: dict[str, Any] = field(default_factory=dict)


Load = Callable[[Stage], str]
_loads: dict[str, tuple[int, Load]] = {}


def register(name: str, load: Load, *, order: int) -> None:
    """Add a domain's part: runs inside the school's schema and one transaction, and says in one line what it made."""
    _loads[name] = (order, load)


def loads() -> list[tuple[str, Load]]:
    """Every registered part, lowest order first."""
    return [(name, load) for name, (_order, load) in sorted(_loads.items(), key=lambda item: item[1][0])]
