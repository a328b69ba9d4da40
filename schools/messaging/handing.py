"""Carrying a message's deliveries to their gateway, a handful at a time; several runs, none of which repeats a call."""

import time
from uuid import UUID

from core import clock, jobs
from schools.messaging import services
from schools.messaging.choices import Delivery, State
from schools.messaging.gateways import registry
from schools.messaging.gateways.base import Outgoing, Stopped
from schools.messaging.models import Message

RUN_SECONDS = 15


def hand_over(message_id: UUID, channel: str) -> int:
    """Hand over what is due on one channel for a quarter of a minute, then ask for another turn; gives back how many.

    Several may do this at once: each claims rows of its own. What a dead one left in a call becomes unknown.
    """
    services.orphaned(message_id=message_id, channel=channel, by=None, at=clock.now())
    settings = services.set_up(by=None, at=clock.now())
    gateway = registry.of(channel, settings)
    title = Message.objects.values_list("title", flat=True).get(pk=message_id)
    until, done = time.monotonic() + RUN_SECONDS, 0
    while time.monotonic() < until:
        rows = services.claim(message_id=message_id, channel=channel, most=gateway.batch, by=None, at=clock.now())
        if not rows:
            break
        try:
            results = gateway.send([Outgoing(str(row.pk), row.address, title, row.text, row.name) for row in rows])
        except Stopped as stopped:
            services.stop(
                message_id=message_id, channel=channel, why=stopped.why, said=stopped.said, by=None, at=clock.now()
            )
            return done
        services.record(deliveries=rows, results=results, by=None, at=clock.now())
        done += len(rows)
    _go_on(message_id, channel)
    return done


def _go_on(message_id: UUID, channel: str) -> None:
    message = services.settle(message_id=message_id, by=None, at=clock.now())
    if message.state != State.SENDING:
        return
    now = clock.now()
    waits = [
        (try_at - now).total_seconds() if try_at else 0.0
        for try_at in message.deliveries.filter(channel=channel, state=Delivery.QUEUED).values_list("try_at", flat=True)
    ]
    waits += [
        (tried_at - now + services.CALL).total_seconds() if tried_at else 0.0
        for tried_at in message.deliveries.filter(channel=channel, state=Delivery.TRYING).values_list(
            "tried_at", flat=True
        )
    ]
    if waits:
        jobs.later("messaging.hand_over", delay=max(0.0, min(waits)), message_id=message_id, channel=channel)
