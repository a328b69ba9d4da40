"""What the metrics exporter counts at each scrape: schools by state, queues, the outbox."""

from django.conf import settings
from django.db import connections

from core import jobs
from monitoring import collectors, metrics, probes
from tenants import context, queries
from tenants.models import State
from workers import queues


def register() -> None:
    """Have the exporter count these, and be counted itself."""
    probes.after_each(connections.close_all)
    collectors.register("schools", schools)
    collectors.register("queues", waiting)
    collectors.register("outbox", outbox)
    metrics.process_started("metrics", version=settings.VERSION, revision=settings.REVISION)


def schools() -> list[metrics.Reading]:
    """Schools by state; a state without a school is 0."""
    counted = queries.count_by_state()
    return metrics.schools_by_state({state: counted.get(state, 0) for state in State.values})


def waiting() -> list[metrics.Reading]:
    """Each queue's length and the age of its oldest job; an empty queue is 0."""
    with context.in_public():
        counted = jobs.queued()
    return [
        reading
        for queue in queues.ALL
        for reading in metrics.queue_state(
            queue,
            length=counted[queue].number if queue in counted else 0,
            oldest_age=counted[queue].oldest_age if queue in counted else 0.0,
        )
    ]


def outbox() -> list[metrics.Reading]:
    """Jobs that no broker has yet."""
    with context.in_public():
        unpublished = jobs.unpublished()
    return metrics.outbox_state(pending=unpublished.number, oldest_age=unpublished.oldest_age)
