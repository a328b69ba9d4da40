"""From a message to its deliveries, from a delivery to the provider: what is recorded before, and after, each call.

A delivery is marked as tried in a committed transaction before the provider is called. When the answer is lost with a
worker or on the way, it stays so and becomes unknown: a delivery report or a person settles it; it is never sent again
by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit import recording as audit
from core import ids, jobs
from core.errors import Conflict
from identity.models import User
from schools.messaging import recipients
from schools.messaging.choices import Channel, Entry, State, Why
from schools.messaging.choices import Delivery as Step
from schools.messaging.gateways.base import Result
from schools.messaging.models import Credit, Delivery, Message, Suppression

MOST_ATTEMPTS = 5
FIRST_WAIT = 30
CALL = timedelta(seconds=120)
OPEN = (Step.TRYING, Step.UNKNOWN)


@transaction.atomic
def expand(*, message_id: UUID, by: User | None, at: datetime) -> int:
    """Write a row for each address of a message that is being sent; a second time changes nothing."""
    message = Message.objects.lock(message_id)
    if message.state != State.SENDING:
        return 0
    rows = recipients.of(message, at=at)
    Delivery.objects.bulk_create(
        [
            Delivery(
                message=message, channel=row.channel, address=row.address[:254], name=row.person.name[:160],
                guardian=row.person.guardian, student=row.person.student, staff=row.person.staff,
                user_id=row.person.user_id, about=[str(one.pk) for one in row.person.about], text=row.text,
                parts=row.parts, state=Step.LEFT_OUT if row.why else Step.QUEUED, why=row.why,
                settled_at=at if row.why else None,
            )
            for row in rows
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )  # fmt: skip
    for channel in message.channels:
        jobs.later("messaging.hand_over", message_id=message.pk, channel=channel)
    return len(rows)


@transaction.atomic
def claim(*, message_id: UUID, channel: str, most: int, by: User | None, at: datetime) -> list[Delivery]:
    """Take deliveries that are due and mark them as tried; their SMS parts are taken from the credit at once."""
    if not Message.objects.filter(pk=message_id, state=State.SENDING).exists():
        return []
    due = Q(try_at=None) | Q(try_at__lte=at)
    rows = list(
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(due, message=message_id, channel=channel, state=Step.QUEUED)
        .order_by("pk")[:most]
    )
    if not rows:
        return []
    attempt = ids.uuid7()
    for row in rows:
        row.state, row.attempt, row.attempts, row.tried_at = Step.TRYING, attempt, row.attempts + 1, at
    Delivery.objects.bulk_update(rows, ["state", "attempt", "attempts", "tried_at"])
    _spend(sum(row.parts for row in rows), message_id, f"used:{attempt}")
    return rows


@transaction.atomic
def record(*, deliveries: Sequence[Delivery], results: Sequence[Result], by: User | None, at: datetime) -> None:
    """Write down what became of a call; what a report settled meanwhile stays as it is."""
    known = {result.key: result for result in results}
    tried = {row.attempt for row in deliveries}
    held = Delivery.objects.select_for_update().filter(
        pk__in=[row.pk for row in deliveries], attempt__in=tried, state__in=OPEN
    )
    rows: list[Delivery] = []
    back = 0
    for row in held:
        result = known.get(str(row.pk)) or Result(str(row.pk), Step.UNKNOWN, Why.LOST)
        _put(row, result, at)
        back += row.parts if row.state in (Step.QUEUED, Step.FAILED) else 0
        rows.append(row)
    Delivery.objects.bulk_update(rows, ["state", "why", "said", "provider_id", "cost", "try_at", "settled_at"])
    if rows and back:
        _give_back(back, rows[0].message_id, f"back:{rows[0].attempt}")
    gone = [row.address for row in rows if row.why == Why.OPTED_OUT and row.channel == Channel.SMS]
    Suppression.objects.bulk_create(
        [Suppression(channel=Channel.SMS, address=address, why="blacklist") for address in gone], ignore_conflicts=True
    )


def _put(row: Delivery, result: Result, at: datetime) -> None:
    row.state, row.why, row.said = result.state, result.why, result.said[:120]
    row.provider_id, row.cost = result.provider_id[:80], result.cost
    if result.state == Step.QUEUED and row.attempts >= MOST_ATTEMPTS:
        row.state = Step.FAILED
    row.try_at = at + timedelta(seconds=FIRST_WAIT * 4 ** (row.attempts - 1)) if row.state == Step.QUEUED else None
    row.settled_at = at if row.state in (Step.DELIVERED, Step.FAILED) else None


@transaction.atomic
def stop(*, message_id: UUID, channel: str, why: str, said: str, by: User | None, at: datetime) -> Message:
    """Pause a message whose way out is closed; what was tried in vain waits again."""
    message = Message.objects.lock(message_id)
    rows = list(Delivery.objects.select_for_update().filter(message=message, channel=channel, state=Step.TRYING))
    for row in rows:
        row.state, row.why, row.said, row.attempts = Step.QUEUED, why, said[:120], row.attempts - 1
    Delivery.objects.bulk_update(rows, ["state", "why", "said", "attempts"])
    for attempt in {row.attempt for row in rows}:
        parts = sum(row.parts for row in rows if row.attempt == attempt)
        if parts:
            _give_back(parts, message.pk, f"back:{attempt}")
    if message.state == State.SENDING:
        message.state = State.PAUSED
        message.plan = {**message.plan, "stopped": why, "said": said[:120]}
        message.save(update_fields=["state", "plan", "updated_at"])
        audit.record("message.paused", on=message, by=by, at=at, changes={"why": [None, why]})
    return message


@transaction.atomic
def orphaned(*, message_id: UUID, channel: str, by: User | None, at: datetime) -> int:
    """What a call has not answered for longer than calls last: nobody knows if it went out. Gives back how many."""
    rows = Delivery.objects.filter(message=message_id, channel=channel, state=Step.TRYING, tried_at__lte=at - CALL)
    return rows.update(state=Step.UNKNOWN, why=Why.LOST, updated_at=at)


@transaction.atomic
def settle(*, message_id: UUID, by: User | None, at: datetime) -> Message:
    """Call a message sent once nothing of it waits; otherwise ask for the next attempt when it is due."""
    message = Message.objects.lock(message_id)
    if message.state != State.SENDING:
        return message
    waiting = message.deliveries.filter(state__in=(Step.QUEUED, Step.TRYING))
    if not waiting.exists():
        message.state, message.ended_at = State.SENT, at
        message.save(update_fields=["state", "ended_at", "updated_at"])
        audit.record("message.sent", on=message, by=by, at=at, changes={"deliveries": message.deliveries.count()})
    return message


@transaction.atomic
def resolve(*, delivery: Delivery, sent: bool, by: User, at: datetime) -> Delivery:
    """A person settles what nobody knows: it came, or it did not and is sent again."""
    delivery = Delivery.objects.lock(delivery.pk)
    if delivery.state != Step.UNKNOWN:
        raise Conflict(_("This was settled meanwhile."))
    if sent:
        delivery.state, delivery.why, delivery.settled_at = Step.DELIVERED, "", at
    else:
        delivery.state, delivery.why, delivery.try_at = Step.QUEUED, "", None
        _give_back(delivery.parts, delivery.message_id, f"back:{delivery.pk}:{delivery.attempts}")
        message = Message.objects.lock(delivery.message_id)
        message.state = State.SENDING
        message.save(update_fields=["state", "updated_at"])
        jobs.later("messaging.hand_over", message_id=message.pk, channel=delivery.channel)
    delivery.save(update_fields=["state", "why", "settled_at", "try_at", "updated_at"])
    audit.record(
        "message.resolved",
        on=delivery.message,
        by=by,
        at=at,
        changes={"address": [None, delivery.name], "sent": [None, sent]},
    )
    return delivery


def _spend(parts: int, message_id: UUID, once: str) -> None:
    if parts:
        Credit.objects.create(parts=-parts, kind=Entry.USED, message_id=message_id, once=once)


def _give_back(parts: int, message_id: UUID, once: str) -> None:
    if parts:
        Credit.objects.get_or_create(once=once, defaults={"parts": parts, "kind": Entry.BACK, "message_id": message_id})
