"""What somebody is employed as."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from identity.models import User
from schools.leaves.models import Employment
from schools.people import services as people
from schools.people.models import Staff
from schools.people.tidying import EARLIEST


class EmploymentFacts(TypedDict, total=False):
    """What may be said of an employment."""

    job_title: str
    department: str
    terms: str
    employer: str
    hours: Decimal | None
    starts_on: date
    ends_on: date | None
    reason: str


@transaction.atomic
def employ_as(*, staff: Staff, by: User | None, at: datetime, **facts: Unpack[EmploymentFacts]) -> Employment:
    """Note a new employment; the one that is open ends the day before. Raises DomainError where two would overlap."""
    staff = Staff.objects.lock(staff.pk)
    row = Employment(staff=staff)
    changes = saving.put(row, facts)
    present = Employment.objects.filter(staff=staff, ends_on=None).first()
    if present is not None and row.starts_on is not None and present.starts_on < row.starts_on:
        present.ends_on = row.starts_on - timedelta(days=1)
        present.save()
    _save(row)
    audit.record("employment.added", on=staff, by=by, at=at, changes=_said(changes))
    _keep_title(row, by, at)
    return row


@transaction.atomic
def change_employment(
    *, employment: Employment, by: User | None, at: datetime, **facts: Unpack[EmploymentFacts]
) -> Employment:
    """Correct an employment."""
    row = Employment.objects.lock(employment.pk)
    Staff.objects.lock(row.staff_id)
    changes = saving.put(row, facts)
    if changes:
        _save(row)
        audit.record("employment.changed", on=row.staff, by=by, at=at, changes=_said(changes))
        _keep_title(row, by, at)
    return row


@transaction.atomic
def end_employment(*, employment: Employment, on: date, reason: str, by: User | None, at: datetime) -> Employment:
    """Note the last day of an employment, and why it ended."""
    return change_employment(employment=employment, ends_on=on, reason=reason, by=by, at=at)


def _save(row: Employment) -> None:
    errors: dict[str, list[str]] = {}
    if not text.tidy(row.job_title or ""):
        errors["job_title"] = [_("Give the job title.")]
    if row.starts_on is not None and row.starts_on < EARLIEST:
        errors["starts_on"] = [_("This date is too long ago.")]
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        errors["ends_on"] = [_("This is before the first day.")]
    elif row.starts_on and _overlapping(row):
        errors["starts_on"] = [_("Another employment covers some of these days.")]
    saving.check(row, errors)
    row.save()


def _overlapping(row: Employment) -> bool:
    others = Employment.objects.filter(staff=row.staff).exclude(pk=row.pk)
    others = others.exclude(ends_on__lt=row.starts_on)
    return (others.filter(starts_on__lte=row.ends_on) if row.ends_on else others).exists()


def _keep_title(row: Employment, by: User | None, at: datetime) -> None:
    """The record's own job title follows the open employment."""
    if row.ends_on is None and row.staff.job_title != row.job_title:
        people.change_staff(staff=row.staff, job_title=row.job_title, by=by, at=at)


def _said(changes: dict[str, list[object]]) -> dict[str, list[object]]:
    return {name: [None if v is None else str(v) for v in pair] for name, pair in changes.items()}
