"""Which kinds of leave the school gives."""

from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from identity.models import User
from schools.leaves.choices import Counting
from schools.leaves.models import LeaveType

# Employment Act (Kenya) 2007, sections 28 to 30: 21 working days a year, 3 months of maternity, 2 weeks of paternity,
# sick leave of 7 days with full and 7 with half pay.
USUAL = (
    ("Annual leave", 21, Counting.WORKING, 10, 7, False, True),
    ("Sick leave", 14, Counting.WORKING, 0, 0, True, True),
    ("Maternity leave", 90, Counting.CALENDAR, 0, 30, True, True),
    ("Paternity leave", 14, Counting.CALENDAR, 0, 7, False, True),
    ("Compassionate leave", 5, Counting.WORKING, 0, 0, False, True),
    ("Study leave", 10, Counting.WORKING, 0, 30, True, True),
    ("Unpaid leave", None, Counting.CALENDAR, 0, 14, False, False),
)


class TypeFacts(TypedDict, total=False):
    """What may be said of a kind of leave."""

    name: str
    days: Decimal | None
    counting: str
    carry_over: Decimal
    notice_days: int
    needs_document: bool
    paid: bool
    retired: bool


@transaction.atomic
def save_type(*, type: LeaveType | None, by: User | None, at: datetime, **facts: Unpack[TypeFacts]) -> LeaveType:  # noqa: A002 - the field's own word
    """Give a new kind of leave, or change one; raises Conflict on a taken name."""
    row = LeaveType.objects.lock(type.pk) if type else LeaveType()
    changes = saving.put(row, facts)
    if changes:
        saving.check(row, {} if text.tidy(row.name) else {"name": [_("Give the kind of leave a name.")]})
        taken = _("Another kind of leave has this name.")
        if LeaveType.objects.filter(name__iexact=row.name).exclude(pk=row.pk).exists():
            raise saving.conflict("name", taken)
        saving.save(row, {"leaves_type_name": ("name", taken)})
        audit.record("leave_type.changed" if type else "leave_type.added", on=row, by=by, at=at, changes=changes)
    return row


@transaction.atomic
def add_usual_types(*, by: User | None, at: datetime) -> int:
    """Give the kinds of leave that the law knows, where the school has none; gives back how many are new."""
    if LeaveType.objects.exists():
        return 0
    for name, days, counting, carried, notice, document, paid in USUAL:
        save_type(
            type=None, name=name, days=None if days is None else Decimal(days), counting=counting,
            carry_over=Decimal(carried), notice_days=notice, needs_document=document, paid=paid, by=by, at=at,
        )  # fmt: skip
    return len(USUAL)
