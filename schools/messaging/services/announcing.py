"""The notice board: putting a notice up, changing it, taking it down, and reading it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict
from identity.models import User
from schools.messaging import audiences
from schools.messaging.choices import Reader
from schools.messaging.models import Announcement, Receipt

FIELDS = ("title", "from_day", "until_day", "pinned", "must_confirm")


@transaction.atomic
def announce(*, audience: Any, readers: Sequence[str], by: User, at: datetime, **facts: Any) -> Announcement:
    """Put a notice on the board of those it is meant for."""
    row = Announcement(written_by=by, from_day=facts.get("from_day") or timezone.localdate(at))
    _put(row, audience, readers, facts, by)
    row.save()
    audit.record("announcement.added", on=row, by=by, at=at)
    return row


@transaction.atomic
def change_announcement(
    *, announcement: Announcement, audience: Any, readers: Sequence[str], by: User, at: datetime, **facts: Any
) -> Announcement:
    """Change a notice; who confirmed it before stays confirmed."""
    row = Announcement.objects.lock(announcement.pk)
    _put(row, audience, readers, facts, by)
    row.save()
    audit.record("announcement.changed", on=row, by=by, at=at)
    return row


@transaction.atomic
def withdraw(*, announcement: Announcement, by: User, at: datetime) -> Announcement:
    """Take a notice down; it stays in the records."""
    row = Announcement.objects.lock(announcement.pk)
    if row.withdrawn_at:
        raise Conflict(_("This notice is down already."))
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at", "updated_at"])
    audit.record("announcement.withdrawn", on=row, by=by, at=at)
    return row


@transaction.atomic
def confirm(*, announcement: Announcement, by: User, at: datetime) -> Receipt:
    """Somebody read a notice; the first time counts."""
    row, _made = Receipt.objects.get_or_create(announcement=announcement, user=by, defaults={"read_at": at})
    return row


def _put(row: Announcement, audience: Any, readers: Sequence[str], facts: dict[str, Any], by: User) -> None:
    row.audience = audiences.check(audience, by)
    row.readers = [one for one in Reader.values if one in readers]
    saving.put(row, {name: value for name, value in facts.items() if name in FIELDS})
    if "body" in facts:
        row.body = str(facts["body"] or "").replace("\r\n", "\n").strip()
    errors: dict[str, list[str]] = {}
    if not row.readers:
        errors["readers"] = [_("Choose guardians, learners or staff.")]
    if row.from_day and row.until_day and row.until_day < row.from_day:
        errors["until_day"] = [_("The last day comes before the first.")]
    saving.check(row, errors)
