"""How people want to be reached, and which addresses get nothing any more."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core.errors import DomainError
from identity.models import User
from schools.messaging.choices import Channel, Suppressed, Topic
from schools.messaging.models import Preference, Suppression


@transaction.atomic
def prefer(*, channel: str, address: str, wanted: Mapping[str, bool], by: User | None, at: datetime) -> int:
    """Say for each topic whether an address wants it by a channel; gives back how many answers changed."""
    if channel not in Channel.values or not set(wanted) <= set(Topic.values):
        raise DomainError(_("This is not one of the kinds of message."))
    held = {row.topic: row for row in Preference.objects.filter(channel=channel, address=address)}
    changed = 0
    for topic, yes in wanted.items():
        row = held.get(topic)
        if (row.wanted if row else True) == yes:
            continue
        Preference.objects.update_or_create(channel=channel, address=address, topic=topic, defaults={"wanted": yes})
        changed += 1
    if changed and by is not None:
        audit.record("messaging.preferred", on=by, by=by, at=at, changes={"channel": [None, channel]})
    return changed


@transaction.atomic
def suppress(*, channel: str, address: str, by: User | None, at: datetime) -> Suppression:
    """Send nothing more to an address."""
    row, made = Suppression.objects.get_or_create(channel=channel, address=address, defaults={"why": Suppressed.SCHOOL})
    if made:
        audit.record("messaging.opted_out", on=row, by=by, at=at)
    return row


@transaction.atomic
def unsuppress(*, suppression: Suppression, by: User | None, at: datetime) -> None:
    """Let an address get messages again, as its owner asked."""
    audit.record("messaging.opted_in", on=suppression, by=by, at=at)
    suppression.delete()
