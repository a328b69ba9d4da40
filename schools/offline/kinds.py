"""Which items there are: each domain says how its own are taken in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from identity.models import User
from schools.offline.choices import State

Captured = Callable[[Any], datetime]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an item: `lines` are JSON rows of what was not taken, each with its own sentence."""

    state: str = State.SAVED
    message: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)


Take = Callable[[User, Mapping[str, Any], Captured, datetime], Answer]
"""(user, body, age in milliseconds → moment of capture, now) → answer; raises DomainError for what is refused."""

OLDEST = timedelta(days=14)
_kinds: dict[str, Take] = {}


def register(key: str, take: Take) -> None:
    """Add a kind; called from AppConfig.ready()."""
    _kinds[key] = take


def get(key: str) -> Take | None:
    """How a kind is taken in; None when nobody knows it."""
    return _kinds.get(key)


def captured_at(age: Any, at: datetime) -> datetime:
    """When something was done that is `age` milliseconds old; a clock that runs backwards did it now."""
    known = age if isinstance(age, (int, float)) and not isinstance(age, bool) and age == age else 0
    return at - min(timedelta(milliseconds=max(0, min(known, 1e11))), OLDEST)
