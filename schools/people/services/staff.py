"""Those who work at the school."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from identity.models import User
from schools.people import tidying
from schools.people.models import Staff

By = audit.Actor | None


class StaffFacts(TypedDict, total=False):
    """What may be said of a member of staff."""

    staff_number: str
    first_name: str
    middle_name: str
    last_name: str
    tsc_number: str
    sex: str
    job_title: str
    phone: str
    email: str
    employed_on: date | None
    status: str
    user: User | None


@transaction.atomic
def employ(*, by: By, at: datetime, **facts: Unpack[StaffFacts]) -> Staff:
    """Note somebody who works at the school; raises Conflict on a taken staff number."""
    staff = Staff()
    tidying.put(staff, facts)
    _save_staff(staff)
    said = tidying.said_of(staff, facts)
    audit.record("staff.added", on=staff, by=by, at=at, changes=said)
    return staff


@transaction.atomic
def change_staff(*, staff: Staff, by: By, at: datetime, expected: str = "", **facts: Unpack[StaffFacts]) -> Staff:
    """Change what is said of a member of staff."""
    staff = Staff.objects.lock(staff.pk)
    saving.unchanged(staff, expected)
    changes = tidying.put(staff, facts)
    if changes:
        _save_staff(staff)
        audit.record("staff.changed", on=staff, by=by, at=at, changes=changes)
    return staff


def _save_staff(staff: Staff) -> None:
    errors: dict[str, list[str]] = {}
    tidying.check_phone(errors, staff)
    tidying.check_dates(errors, staff, "employed_on")
    saving.check(staff, errors)
    others = Staff.objects.exclude(pk=staff.pk)
    if others.filter(staff_number__iexact=staff.staff_number).exists():
        raise saving.conflict("staff_number", _("Another member of staff has this number."))
    saving.save(
        staff,
        {
            "people_staff_number": ("staff_number", _("Another member of staff has this number.")),
            "user_id": ("user", _("This account belongs to somebody else.")),
        },
    )
