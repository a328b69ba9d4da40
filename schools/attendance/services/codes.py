"""The school's own list of codes, and its rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict, DomainError
from identity import roles
from identity.models import User
from schools.attendance.choices import Code
from schools.attendance.models import AttendanceCode, AttendanceLog, Rules

GIVERS = (roles.HEAD, roles.REGISTRAR, roles.TEACHER)


@transaction.atomic
def add_code(*, facts: Mapping[str, Any], by: User | None, at: datetime) -> AttendanceCode:
    """Add a code to the school's list."""
    row = AttendanceCode()
    _put(row, facts)
    audit.record("attendance.code_added", on=row, by=by, at=at, changes={"code": [None, row.code]})
    return row


@transaction.atomic
def change_code(*, code: AttendanceCode, facts: Mapping[str, Any], by: User | None, at: datetime) -> AttendanceCode:
    """Change a code; the first four stay, and what a used code counts as stays, as reports were made with it."""
    row = AttendanceCode.objects.lock(code.pk)
    if row.code in Code.values:
        raise Conflict(_("P, A, L and E are the same in every school. Add a code of your own instead."))
    counts_as = facts.get("counts_as", row.counts_as)
    renamed = facts.get("code", row.code) != row.code
    if (counts_as != row.counts_as or renamed) and AttendanceLog.objects.filter(given=row).exists():
        message = _("This code has been used. Retire it and add another.")
        raise DomainError(message, errors={"code" if renamed else "counts_as": [message]})
    changes = _put(row, facts)
    if changes:
        audit.record("attendance.code_changed", on=row, by=by, at=at, changes=changes)
    return row


@transaction.atomic
def change_rules(*, by: User | None, at: datetime, **facts: object) -> Rules:
    """Change the times of the school day and how absences are followed up."""
    row = Rules.objects.select_for_update().order_by("created_at").first() or Rules()
    changes = saving.put(row, facts)
    for start, end in (("morning_from", "morning_until"), ("afternoon_from", "afternoon_until")):
        if getattr(row, start) >= getattr(row, end):
            message = _("The end is not after the start.")
            raise DomainError(message, errors={end: [message]})
    saving.check(row, {})
    row.save()
    if changes:
        words = {name: [str(value) for value in pair] for name, pair in changes.items()}
        audit.record("attendance.rules", on=row, by=by, at=at, changes=words)
    return row


def _put(row: AttendanceCode, facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [role for role in facts.get("roles", []) if role not in GIVERS]
    if unknown:
        message = _("Codes are given by heads, registrars and teachers.")
        raise DomainError(message, errors={"roles": [message]})
    changes = saving.put(row, facts)
    saving.check(row, {})
    saving.save(row, {"attendance_code_once": ("code", _("The school has this code already."))})
    return changes
