"""What the metrics process counts at each scrape, from the database and the broker."""

import functools
import time

from django.conf import settings
from django.db import connections

from core import jobs
from monitoring import collectors, metrics, probes
from tenants import context, queries
from tenants.archive import making
from tenants.fleet import status
from tenants.models import State
from workers import queues


def register() -> None:
    """Have these counted, and this process among the living."""
    probes.after_each(connections.close_all)
    collectors.register("schools", schools)
    collectors.register("fleet", fleet)
    collectors.register("outbox", outbox)
    collectors.register("queues", waiting)
    collectors.register("backups", backups)
    metrics.process_started("metrics", version=settings.VERSION, revision=settings.REVISION)


def schools() -> list[metrics.Reading]:
    """Schools by state; a state without a school is 0."""
    counted = queries.count_by_state()
    return metrics.schools_by_state({state: counted.get(state, 0) for state in State.values})


def fleet() -> list[metrics.Reading]:
    """Schools by where their tables stand, looked at once a minute: every school's record is read for it."""
    return metrics.fleet_by_state(_fleet_in_minute(int(time.monotonic() // 60)))


@functools.lru_cache(maxsize=1)
def _fleet_in_minute(minute: int) -> dict[str, int]:
    return {place.value: count for place, count in status.count().items()}


def outbox() -> list[metrics.Reading]:
    """Jobs that are due and that no broker was told of."""
    with context.in_public():
        pending, oldest = jobs.backlog()
    return metrics.outbox_state(pending=pending, oldest_age=oldest)


def backups() -> list[metrics.Reading]:
    """How old the last good backups are, and the last good drill; before the first, since the first school opened."""
    with context.in_public():
        ages = making.ages()
    return metrics.backups(cluster=ages["cluster"], school=ages["school"], drill=ages["drill"])


def waiting() -> list[metrics.Reading]:
    """The due jobs that wait in each queue, and the age of the oldest; 0 for an empty one."""
    with context.in_public():
        found = jobs.waiting()
    readings: list[metrics.Reading] = []
    for queue in queues.ALL:
        length, age = found.get(queue, (0, 0.0))
        readings += metrics.queue_state(queue, length=length, oldest_age=age)
    return readings
