"""What every gateway speaks: what goes out, what came of it, and how a whole call can fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from schools.messaging.choices import Delivery, Why


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text to one address."""

    key: str
    address: str
    title: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one: a state of `choices.Delivery`; QUEUED means that it may be tried again later."""

    key: str
    state: str
    why: str = ""
    said: str = ""
    provider_id: str = ""
    cost: Decimal | None = None


class Stopped(Exception):
    """Nothing more can be sent until somebody acts: no balance, a wrong key, an unknown sender name."""

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(said or why)
        self.why, self.said = why, said


class Gateway(Protocol):
    """One way out. `batch` is how many are claimed for one call of `send`: what a killed worker leaves unknown."""

    batch: int

    def send(self, outgoing: Sequence[Outgoing]) -> list[Result]:
        """A result for each; raises Stopped when the whole way is closed."""
        ...


def lost(key: str, said: str = "") -> Result:
    """The call was made and its answer never came: nobody knows, so nobody repeats it."""
    return Result(key, Delivery.UNKNOWN, Why.LOST, said)


def again(key: str, said: str = "") -> Result:
    """It was surely not taken, and may be later."""
    return Result(key, Delivery.QUEUED, Why.BROKEN, said)
