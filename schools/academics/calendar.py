"""The school's calendar: its years, terms and holidays, read once and asked often."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core import cache, scope
from schools.academics.models import AcademicYear, Holiday, Term

SATURDAY = 5
KEPT_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class Calendar:
    """Years, terms and holidays, each in the order of their first days."""

    years: tuple[AcademicYear, ...]
    terms: tuple[Term, ...]
    holidays: tuple[Holiday, ...]

    def year(self, day: date) -> AcademicYear | None:
        """The year that a day lies in; between two years the one before, before the first the first."""
        begun = [year for year in self.years if year.starts_on <= day]
        return begun[-1] if begun else next(iter(self.years), None)

    def term(self, day: date) -> Term | None:
        """The term that a day lies in; in the holidays the one before, before the first the first."""
        begun = [term for term in self.terms if term.starts_on <= day]
        return begun[-1] if begun else next(iter(self.terms), None)

    def term_on(self, day: date) -> Term | None:
        """The term that a day lies in, half-term included; None in the holidays."""
        return next((term for term in self.terms if term.starts_on <= day <= term.ends_on), None)

    def term_after(self, day: date) -> Term | None:
        """The next term that opens after a day."""
        return next((term for term in self.terms if term.starts_on > day), None)

    def school_days(self, first: date, last: date) -> Iterator[date]:
        """The school days from `first` to `last`, both included, in order."""
        day = first
        while day <= last:
            if self._has_school(day):
                yield day
            day += timedelta(days=1)

    def _has_school(self, day: date) -> bool:
        term = self.term_on(day)
        return (
            term is not None
            and (day.weekday() < SATURDAY or _weekend_school(day))
            and not _in_half_term(term, day)
            and not any(holiday.starts_on <= day <= holiday.ends_on for holiday in self.holidays)
        )


def current() -> Calendar:
    """The calendar as it stands."""
    return cache.remember("academics:calendar", KEPT_SECONDS, _read, room="academics")


def _read() -> Calendar:
    terms = tuple(Term.objects.select_related("year").order_by("starts_on"))
    years = tuple(AcademicYear.objects.order_by("starts_on"))
    return Calendar(years, terms, tuple(Holiday.objects.order_by("starts_on")))


def _in_half_term(term: Term, day: date) -> bool:
    first, last = term.half_term_starts_on, term.half_term_ends_on
    return first is not None and last is not None and first <= day <= last


def _weekend_school(day: date) -> bool:
    """`weekend_school` of the school's facts: true for every weekend day, or the days (ISO) that have school."""
    fact = scope.current_school().facts.get("weekend_school", False)
    return day.isoformat() in fact if isinstance(fact, (list, tuple)) else bool(fact)
