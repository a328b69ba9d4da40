"""Households, and who lives in one."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from audit import recording as audit
from core import saving
from schools.people import tidying
from schools.people.models import Guardianship, Household, Student
from schools.people.services import guardians, students

By = audit.Actor | None


class HouseholdFacts(TypedDict, total=False):
    """What may be said of a household."""

    name: str
    address: str
    town: str
    county: str
    phone: str


@transaction.atomic
def open_household(*, by: By, at: datetime, **facts: Unpack[HouseholdFacts]) -> Household:
    """Begin a household."""
    household = Household()
    tidying.put(household, facts)
    _save_household(household)
    audit.record("household.opened", on=household, by=by, at=at, changes={"name": [None, household.name]})
    return household


@transaction.atomic
def change_household(
    *, household: Household, by: By, at: datetime, expected: str = "", **facts: Unpack[HouseholdFacts]
) -> Household:
    """Change a household's name, address or phone."""
    household = Household.objects.lock(household.pk)
    saving.unchanged(household, expected)
    changes = tidying.put(household, facts)
    if changes:
        _save_household(household)
        audit.record("household.changed", on=household, by=by, at=at, changes=changes)
    return household


def _save_household(household: Household) -> None:
    errors: dict[str, list[str]] = {}
    tidying.check_phone(errors, household)
    saving.check(household, errors)
    saving.save(household, {})


@transaction.atomic
def settle(*, student: Student, facts: HouseholdFacts, by: By, at: datetime) -> Household:
    """Begin a household for a student and those guardians of theirs who have none."""
    household = open_household(by=by, at=at, **facts)
    students.change_student(student=student, household=household, by=by, at=at)
    for tie in Guardianship.objects.filter(student=student, guardian__household=None).select_related("guardian"):
        guardians.change_guardian(guardian=tie.guardian, household=household, by=by, at=at)
    return household
