"""What providers say afterwards: delivery reports and opt-outs, stored as they came, each with its effect once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from audit import recording as audit
from core import text
from identity.models import User
from schools.messaging.choices import FINAL, Channel, Suppressed, Why
from schools.messaging.choices import Delivery as Step
from schools.messaging.models import Delivery, Report, Suppression

STATES = {"Success": Step.DELIVERED, "Failed": Step.FAILED, "Rejected": Step.FAILED, "Expired": Step.FAILED,
          "AbsentSubscriber": Step.FAILED}  # fmt: skip
WHY = {"Expired": Why.EXPIRED, "AbsentSubscriber": Why.EXPIRED, "UserInBlackList": Why.OPTED_OUT,
       "UserDoesNotExist": Why.BAD_ADDRESS, "InsufficientCredit": Why.NO_BALANCE}  # fmt: skip
WITHIN = timedelta(days=3)


@transaction.atomic
def report(*, facts: Mapping[str, Any], by: User | None, at: datetime) -> Report | None:
    """Take a report of Africa's Talking (`id`, `status`, `phoneNumber`, `failureReason`); None when it names nothing.

    The same (id, status) is taken once, and what is final never moves back. One that fits no delivery by its id settles
    the one delivery to that number whose answer was lost, when there is exactly one.
    """
    provider_id, status = str(facts.get("id", ""))[:80], str(facts.get("status", ""))[:40]
    if not provider_id or not status:
        return None
    delivery = _delivery(provider_id, str(facts.get("phoneNumber", "")), at)
    row, made = Report.objects.get_or_create(
        provider_id=provider_id,
        status=status,
        defaults={"payload": {str(k)[:40]: str(v)[:200] for k, v in facts.items()}, "delivery": delivery},
    )
    if made and delivery is not None:
        _settle(Delivery.objects.lock(delivery.pk), provider_id, status, str(facts.get("failureReason", "")), at)
    return row


@transaction.atomic
def opted_out(*, number: str, by: User | None, at: datetime) -> Suppression | None:
    """Somebody asked the network to get no more; None for what is no number."""
    try:
        address = text.phone(number)
    except ValueError:
        return None
    row, made = Suppression.objects.get_or_create(
        channel=Channel.SMS, address=address, defaults={"why": Suppressed.OPTED_OUT}
    )
    if made:
        audit.record("messaging.opted_out", on=row, by=by, at=at)
    return row


def _delivery(provider_id: str, number: str, at: datetime) -> Delivery | None:
    known = Delivery.objects.filter(provider_id=provider_id).first()
    if known is not None:
        return known
    try:
        address = text.phone(number)
    except ValueError:
        return None
    lost = list(
        Delivery.objects.filter(
            channel=Channel.SMS, address=address, state=Step.UNKNOWN, provider_id="", tried_at__gt=at - WITHIN
        )[:2]
    )
    return lost[0] if len(lost) == 1 else None


def _settle(row: Delivery, provider_id: str, status: str, reason: str, at: datetime) -> None:
    if row.state in FINAL:
        return
    row.provider_id = row.provider_id or provider_id
    state = STATES.get(status)
    if state is None:  # Sent, Submitted, Buffered: on its way
        row.state = Step.SENT
        row.why = ""
    else:
        row.state, row.settled_at = state, at
        row.why = "" if state == Step.DELIVERED else WHY.get(reason) or WHY.get(status) or Why.NOT_DELIVERED
    row.said = (reason or status)[:120]
    row.save(update_fields=["state", "why", "said", "provider_id", "settled_at", "updated_at"])
    if row.why == Why.OPTED_OUT:
        Suppression.objects.get_or_create(
            channel=row.channel, address=row.address, defaults={"why": Suppressed.BLACKLIST}
        )
