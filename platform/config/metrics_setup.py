"""What the metrics process computes at each scrape, from the database and the broker."""

import os
import sys
from pathlib import Path

import redis


def setup() -> None:
    """Start Django and register the collectors; called once by `python -m monitoring.serve`."""
    root = Path(__file__).resolve().parents[2]
    sys.path[1:1] = [str(root), str(root / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connections

    from monitoring import collectors, metrics, probes
    from tenants import queries

    probes.after_each(connections.close_all)
    collectors.register("schools", lambda: metrics.schools_by_state(queries.count_by_state()))
    collectors.register("outbox", _outbox)
    collectors.register("queues", _queues)


def _outbox() -> list[object]:
    from core import jobs
    from monitoring import metrics
    from tenants import context

    with context.in_public():
        pending, oldest = jobs.backlog()
    return list(metrics.outbox_state(pending=pending, oldest_age=oldest))


def _queues() -> list[object]:
    from django.conf import settings

    from core import jobs
    from monitoring import metrics
    from tenants import context
    from workers import queues

    with context.in_public():
        ages = jobs.oldest_by_queue()
    with redis.Redis.from_url(settings.BROKER_URL, socket_timeout=1, socket_connect_timeout=1) as broker:
        readings: list[object] = []
        for queue in queues.ALL:
            length = int(broker.llen(queue))  # type: ignore[arg-type]
            readings += metrics.queue_state(queue, length=length, oldest_age=ages.get(queue, 0.0))
    return readings
