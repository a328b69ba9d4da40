"""Which days of a leave count. Holidays belong to a higher domain, which registers them here."""

from collections.abc import Callable, Set
from datetime import date, timedelta
from decimal import Decimal

from schools.leaves.choices import Counting

HALF = Decimal("0.5")
_closed: list[Callable[[date, date], Set[date]]] = []


def register(closed: Callable[[date, date], Set[date]]) -> None:
    """Let `closed(first, last)` name the days on which nobody works."""
    if closed not in _closed:
        _closed.append(closed)


def days_of(first: date, last: date, counting: str, *, half_first: bool = False, half_last: bool = False) -> Decimal:
    """How many days a leave takes: all of them, or those from Monday to Friday that are no holiday."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if counting == Counting.WORKING:
        closed = {day for known in _closed for day in known(first, last)}
        every = [day for day in every if day.weekday() < 5 and day not in closed]
    total = Decimal(len(every))
    if half_first and first in every:
        total -= HALF
    if half_last and last in every and (last != first or not half_first):
        total -= HALF
    return total
