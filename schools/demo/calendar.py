"""A school year laid around one day, so that the day lies in week seven of the third term.

Lengths, breaks and half-terms are those of the Ministry's calendar of 2026: 13, 14 and 9 weeks, no half-term in Term 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEK_OF_TODAY = 7


@dataclass(frozen=True, slots=True)
class Span:
    """Days without lessons inside a term, both ends included."""

    name: str
    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class TermDates:
    """One term as laid."""

    number: int
    starts_on: date
    ends_on: date
    half_term: Span | None
    holidays: tuple[Span, ...]

    def day(self, week: int, weekday: int) -> date:
        """A day of the term: weeks count from 1, Monday is 0."""
        return self.starts_on + (week - 1) * WEEK + weekday * DAY

    def school_days(self) -> Iterator[date]:
        """Mondays to Fridays with lessons."""
        day = self.starts_on
        while day <= self.ends_on:
            free = (self.half_term is not None and day in self.half_term) or any(day in span for span in self.holidays)
            if day.weekday() < 5 and not free:
                yield day
            day += DAY


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year that holds today."""

    today: date
    name: str
    starts_on: date
    ends_on: date
    terms: tuple[TermDates, ...]

    @property
    def current(self) -> TermDates:
        """The term that today lies in."""
        return self.terms[-1]

    def days_so_far(self) -> Iterator[tuple[TermDates, date]]:
        """Every school day up to today, and today itself even when it is a Saturday or a Sunday."""
        for term in self.terms:
            for day in term.school_days():
                if day < self.today:
                    yield term, day
        yield self.current, self.today


def lay(today: date) -> Calendar:
    """The year around a day."""
    third = today - today.weekday() * DAY - (WEEK_OF_TODAY - 1) * WEEK
    first, second = third - 33 * WEEK, third - 17 * WEEK
    terms = (
        _term(1, first, weeks=13, half_term=(8, 2), free=("Teachers’ training day", 5, 4)),
        _term(2, second, weeks=14, half_term=(9, 2), free=("County music festival", 6, 3)),
        _term(3, third, weeks=9, half_term=None, free=("Teachers’ training day", 3, 4)),
    )
    ends_on = first + 52 * WEEK - DAY
    closes = terms[-1].ends_on.year
    name = str(first.year) if first.year == closes else f"{first.year}/{closes % 100:02d}"
    return Calendar(today=today, name=name, starts_on=first, ends_on=ends_on, terms=terms)


def _term(
    number: int, starts_on: date, *, weeks: int, half_term: tuple[int, int] | None, free: tuple[str, int, int]
) -> TermDates:
    def day(week: int, weekday: int) -> date:
        return starts_on + (week - 1) * WEEK + weekday * DAY

    name, week, weekday = free
    return TermDates(
        number=number,
        starts_on=starts_on,
        ends_on=day(weeks, 4),
        half_term=Span("Half-term", day(*half_term), day(half_term[0], 6)) if half_term else None,
        holidays=(Span(name, day(week, weekday), day(week, weekday)),),
    )
