"""Years, terms and holidays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from core.errors import Conflict
from schools.academics.models import (
    AcademicYear,
    Holiday,
    Term,
)

By = audit.Actor | None
LONGEST_YEAR = timedelta(days=550)


@dataclass(frozen=True, slots=True)
class TermPlan:
    """One term of a year that is about to be opened."""

    name: str
    starts_on: date
    ends_on: date
    half_term_starts_on: date | None = None
    half_term_ends_on: date | None = None


class TermFacts(TypedDict, total=False):
    """What may be said of a term."""

    name: str
    starts_on: date
    ends_on: date
    half_term_starts_on: date | None
    half_term_ends_on: date | None


@transaction.atomic
def open_year(
    *, name: str, starts_on: date, ends_on: date, terms: Sequence[TermPlan], by: By, at: datetime
) -> AcademicYear:
    """Open a school year with its terms in order; raises DomainError on dates that overlap or lie outside."""
    year = AcademicYear(name=text.tidy(name), starts_on=starts_on, ends_on=ends_on)
    _check_year(year)
    saving.save(year, {"academics_year_name": ("name", _("This year is open already."))})
    rows = [
        Term(
            year=year,
            number=number,
            name=text.tidy(plan.name),
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            half_term_starts_on=plan.half_term_starts_on,
            half_term_ends_on=plan.half_term_ends_on,
        )
        for number, plan in enumerate(terms, 1)
    ]
    known: list[Term] = []
    for row in rows:
        _check_term(row, known)
        known.append(row)
    Term.objects.bulk_create(rows)
    said = {"terms": [f"{row.name}: {row.starts_on} – {row.ends_on}" for row in rows]}
    audit.record("year.opened", on=year, by=by, at=at, changes=said)
    return year


@transaction.atomic
def change_year(*, year: AcademicYear, starts_on: date, ends_on: date, by: By, at: datetime) -> AcademicYear:
    """Move a year's first and last day; its terms must stay inside."""
    year = AcademicYear.objects.lock(year.pk)
    changes = saving.put(year, {"starts_on": starts_on, "ends_on": ends_on})
    if changes:
        _check_year(year)
        outside = year.terms.exclude(starts_on__gte=starts_on, ends_on__lte=ends_on).first()
        if outside is not None:
            raise saving.wrong("ends_on", _("%(term)s would lie outside the year.") % {"term": outside.name})
        year.save()
        audit.record("year.changed", on=year, by=by, at=at, changes=changes)
    return year


@transaction.atomic
def drop_year(*, year: AcademicYear, by: By, at: datetime) -> None:
    """Take back a year that nothing was built on; raises Conflict when it has classes or marks."""
    year = AcademicYear.objects.lock(year.pk)
    audit.record("year.dropped", on=year, by=by, at=at)
    try:
        with transaction.atomic():
            year.terms.all().delete()
            year.delete()
    except ProtectedError:
        raise Conflict(_("%(year)s is in use and stays.") % {"year": year.name}) from None


@transaction.atomic
def change_term(*, term: Term, by: By, at: datetime, **facts: Unpack[TermFacts]) -> Term:
    """Change a term's name, dates or half-term; raises DomainError when it would overlap another or leave its year."""
    AcademicYear.objects.lock(term.year_id)
    term = Term.objects.lock(term.pk)
    changes = saving.put(term, facts)
    if changes:
        _check_term(term, list(term.year.terms.exclude(pk=term.pk)))
        saving.save(term, {})
        audit.record("term.changed", on=term, by=by, at=at, changes=changes)
    return term


@transaction.atomic
def add_holiday(*, name: str, starts_on: date, ends_on: date, by: By, at: datetime) -> Holiday:
    """Close the school for some days."""
    holiday = Holiday(name=text.tidy(name), starts_on=starts_on, ends_on=ends_on)
    errors = {"ends_on": [_("The last day is before the first.")]} if ends_on < starts_on else {}
    saving.check(holiday, errors)
    holiday.save()
    audit.record("holiday.added", on=holiday, by=by, at=at, changes={"days": f"{starts_on} – {ends_on}"})
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: By, at: datetime) -> None:
    """Open the school on those days again."""
    holiday = Holiday.objects.lock(holiday.pk)
    audit.record("holiday.removed", on=holiday, by=by, at=at)
    holiday.delete()


def _check_year(year: AcademicYear) -> None:
    errors: dict[str, list[str]] = {}
    if year.ends_on <= year.starts_on:
        errors["ends_on"] = [_("The year ends before it starts.")]
    elif year.ends_on - year.starts_on > LONGEST_YEAR:
        errors["ends_on"] = [_("A school year is not that long.")]
    saving.check(year, errors)
    other = AcademicYear.objects.exclude(pk=year.pk).filter(starts_on__lte=year.ends_on, ends_on__gte=year.starts_on)
    found = other.first()
    if found is not None:
        raise saving.wrong("starts_on", _("These dates overlap the year %(name)s.") % {"name": found.name})


def _check_term(term: Term, others: Iterable[Term]) -> None:
    errors: dict[str, list[str]] = {}
    year = term.year
    if term.ends_on <= term.starts_on:
        errors["ends_on"] = [_("The term closes before it opens.")]
    elif term.starts_on < year.starts_on or term.ends_on > year.ends_on:
        errors["starts_on"] = [
            _("The term lies outside the year, %(from)s to %(to)s.") % {"from": year.starts_on, "to": year.ends_on}
        ]
    else:
        for other in others:
            if term.starts_on <= other.ends_on and other.starts_on <= term.ends_on:
                errors["starts_on"] = [_("These dates overlap %(term)s.") % {"term": other.name}]
            elif (term.number < other.number) != (term.starts_on < other.starts_on):
                errors["starts_on"] = [
                    _("This would put the term on the wrong side of %(term)s.") % {"term": other.name}
                ]
    first, last = term.half_term_starts_on, term.half_term_ends_on
    if (first is None) != (last is None):
        errors["half_term_ends_on"] = [_("Half-term needs both its first and its last day.")]
    elif first is not None and last is not None and not term.starts_on <= first <= last <= term.ends_on:
        errors["half_term_starts_on"] = [_("Half-term must lie inside the term.")]
    saving.check(term, errors)
