"""SMS into the log: for schools that have no provider yet; nothing leaves the platform."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from schools.messaging.choices import Delivery
from schools.messaging.gateways.base import Outgoing, Result

log = logging.getLogger("shule.messaging")


@dataclass(slots=True)
class Console:
    """Counts as delivered at once; numbers are cut short in the log, texts are not written at all."""

    batch: int = 200

    def send(self, outgoing: Sequence[Outgoing]) -> list[Result]:
        """All of them."""
        for one in outgoing:
            log.info("sms", extra={"to": f"…{one.address[-3:]}", "letters": len(one.text)})
        return [Result(one.key, Delivery.DELIVERED, said="console") for one in outgoing]
