"""A job that does nothing for a while, for a worker that is told to know it: `celery -A workers.app worker -I …`."""

import time
from typing import Any

from workers.base import school_task
from workers.queues import BULK

NAP = "bench.nap"


@school_task(NAP, queue=BULK)
def nap(*, seconds: float = 0.1, **_: Any) -> None:
    """Hold a worker's slot."""
    time.sleep(seconds)
