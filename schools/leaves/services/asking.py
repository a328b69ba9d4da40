"""Leave: asked for within the balance, decided by somebody else, cancelled before it begins."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict
from identity.models import User
from schools.leaves import calendar, policies, queries
from schools.leaves.choices import State
from schools.leaves.models import Leave, LeaveType
from schools.people.models import Staff

LONGEST = timedelta(days=400)


@transaction.atomic
def ask(
    *, staff: Staff, type: LeaveType, starts_on: date, ends_on: date, by: User | None, at: datetime,  # noqa: A002 - the field's own word
    half_first: bool = False, half_last: bool = False, why: str = "", cover: str = "", beyond: bool = False,
) -> Leave:  # fmt: skip
    """Ask for leave. Refused by field: days that overlap another leave, too little notice, more than is left.

    `beyond` is the office's: it asks for somebody in spite of notice and balance. The same request again within the
    same days is refused as overlapping, so that two clicks ask once.
    """
    staff = Staff.objects.lock(staff.pk)
    row = Leave(staff=staff, type=type, days=0)
    facts = {
        "starts_on": starts_on, "ends_on": ends_on, "half_first": half_first, "half_last": half_last, "why": why,
        "cover": cover,
    }  # fmt: skip
    saving.put(row, facts)
    errors: dict[str, list[str]] = {}
    if type.retired:
        errors["type"] = [_("This kind of leave is given no longer.")]
    if ends_on < starts_on:
        errors["ends_on"] = [_("This is before the first day.")]
    elif ends_on - starts_on > LONGEST:
        errors["ends_on"] = [_("A leave is at most %(n)s days long.") % {"n": LONGEST.days}]
    else:
        row.days = calendar.days_of(starts_on, ends_on, type.counting, half_first=half_first, half_last=half_last)
        errors |= _against(row, timezone.localdate(at), beyond)
    saving.check(row, errors)
    row.save()
    said = {"leave": [None, str(row)], "days": [None, str(row.days)]}
    audit.record("leave.asked", on=staff, by=by, at=at, changes=said)
    return row


def _against(row: Leave, today: date, beyond: bool) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not row.days:
        errors["ends_on"] = [_("None of these days is a working day.")]
    other = queries.between(row.starts_on, row.ends_on).filter(staff=row.staff).first()
    if other is not None:
        first, last = (formats.date_format(day, "j M Y") for day in (other.starts_on, other.ends_on))
        said = {"type": other.type, "first": first, "last": last}
        errors["starts_on"] = [_("%(type)s from %(first)s to %(last)s covers some of these days.") % said]
    if beyond:
        return errors
    if (row.starts_on - today).days < row.type.notice_days:
        errors.setdefault("starts_on", []).append(
            _("This kind of leave is asked for %(n)s days before.") % {"n": row.type.notice_days}
        )
    balance = next((b for b in queries.balances(row.staff, row.starts_on.year) if b.type.pk == row.type.pk), None)
    if balance is not None and balance.left is not None and row.days > balance.left:
        said = {"days": f"{row.days.normalize():f}", "left": f"{max(balance.left, queries.NONE).normalize():f}"}
        errors["type"] = [_("That would be %(days)s days, and %(left)s are left.") % said]
    return errors


@transaction.atomic
def decide(*, leave: Leave, approve: bool, answer: str, by: User, at: datetime, document_seen: bool = False) -> Leave:
    """Approve or refuse, once. Nobody decides on their own; a refusal says why; a needed document must be seen."""
    row = Leave.objects.lock(leave.pk)
    if row.state != State.ASKED:
        raise Conflict(_("This is decided already."))
    if not policies.may_decide_on(by, row):
        raise Conflict(_("Somebody else decides on your own leave."))
    if not approve and not answer.strip():
        raise saving.wrong("answer", _("Say why."))
    if approve and row.type.needs_document and not document_seen:
        raise saving.wrong("document_seen", _("This kind of leave needs a document: tick that you saw it."))
    row.state = State.APPROVED if approve else State.REFUSED
    saving.put(row, {"answer": answer, "decided_by": by, "decided_at": at, "document_seen": document_seen})
    saving.check(row, {})
    row.save()
    said = {"leave": str(row), "answer": row.answer}
    audit.record("leave.approved" if approve else "leave.refused", on=row.staff, by=by, at=at, changes=said)
    return row


@transaction.atomic
def cancel(*, leave: Leave, by: User, at: datetime) -> Leave:
    """Take a leave back: its own asker before it begins, the office at any time; the days are free again."""
    row = Leave.objects.lock(leave.pk)
    if row.state not in queries.TAKEN:
        raise Conflict(_("This is decided already."))
    if not policies.may_decide(by) and row.starts_on <= timezone.localdate(at):
        raise Conflict(_("It has begun. Ask the office to take it back."))
    row.state = State.CANCELLED
    row.save()
    audit.record("leave.cancelled", on=row.staff, by=by, at=at, changes={"leave": str(row)})
    return row
