"""Numbers that others know a student by."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from schools.people import tidying
from schools.people.models import Student, StudentIdentifier

By = audit.Actor | None


@transaction.atomic
def add_identifier(
    *,
    student: Student,
    type: str,  # noqa: A002 - the field's own word
    value: str,
    by: By,
    at: datetime,
    issued_on: date | None = None,
    verified: bool = False,
) -> StudentIdentifier:
    """Note a number that others know the student by; raises Conflict when another student has it."""
    student = Student.objects.lock(student.pk)
    row = StudentIdentifier(student=student, type=type, issued_on=issued_on, verified=verified)
    row.value = text.tidy(value)
    _save_identifier(row)
    audit.record("identifier.added", on=student, by=by, at=at, changes={row.type: [None, row.value]})
    return row


@transaction.atomic
def change_identifier(
    *,
    identifier: StudentIdentifier,
    value: str,
    by: By,
    at: datetime,
    issued_on: date | None = None,
    verified: bool | None = None,
) -> StudentIdentifier:
    """Correct a number, or note that it was seen on paper."""
    row = StudentIdentifier.objects.lock(identifier.pk)
    changes = tidying.put(row, {"value": value, "issued_on": issued_on or row.issued_on})
    if verified is not None and verified != row.verified:
        changes["verified"] = [row.verified, verified]
        row.verified = verified
    if changes:
        _save_identifier(row)
        if "value" in changes:
            changes[row.type] = changes.pop("value")
        audit.record("identifier.changed", on=row.student, by=by, at=at, changes=changes)
    return row


@transaction.atomic
def remove_identifier(*, identifier: StudentIdentifier, by: By, at: datetime) -> None:
    """Forget a number."""
    row = StudentIdentifier.objects.lock(identifier.pk)
    audit.record("identifier.removed", on=row.student, by=by, at=at, changes={row.type: [row.value, None]})
    row.delete()


def _save_identifier(row: StudentIdentifier) -> None:
    errors: dict[str, list[str]] = {}
    match = text.match_form(row.value)
    if not match:
        errors["value"] = [_("Give the number, with letters or digits.")]
    tidying.check_dates(errors, row, "issued_on")
    saving.check(row, errors)
    if StudentIdentifier.objects.filter(type=row.type, match=match).exclude(pk=row.pk).exists():
        raise saving.conflict("value", _("Another student has this number."))
    saving.save(row, {"people_identifier_once": ("value", _("Another student has this number."))})
