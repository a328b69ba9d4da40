"""Tasks of messages: each begins, spreads out, and is handed over."""

from typing import Any
from uuid import UUID

from core import clock
from schools.messaging import handing, services
from workers.base import school_task
from workers.queues import BULK, DEFAULT


@school_task("messaging.start", queue=DEFAULT)
def start(*, message_id: str, **_: Any) -> None:
    """Begin to send a message whose time has come."""
    services.start(message_id=UUID(message_id), by=None, at=clock.now())


@school_task("messaging.expand", queue=DEFAULT)
def expand(*, message_id: str, **_: Any) -> None:
    """Write down whom a message reaches."""
    services.expand(message_id=UUID(message_id), by=None, at=clock.now())


@school_task("messaging.hand_over", queue=BULK)
def hand_over(*, message_id: str, channel: str, **_: Any) -> None:
    """Hand over what is due of a message on one channel."""
    handing.hand_over(UUID(message_id), channel)
