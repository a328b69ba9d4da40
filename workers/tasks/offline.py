"""Tasks about what phones sent in."""

from typing import Any

from core import clock
from schools.offline import services
from workers.base import school_task
from workers.queues import BULK


@school_task("offline.forget", queue=BULK)
def forget(**_: Any) -> None:
    """Drop the receipts that no phone can ask for any more."""
    services.forget(by=None, at=clock.now())
