"""What workers and beat tell the exporter: that they live, what they can do, how long a job waited."""

import time
from typing import Any

from celery import Task, current_app
from celery.signals import beat_init, before_task_publish, task_prerun, worker_init, worker_ready
from django.conf import settings

from monitoring import metrics
from tenants import pooler


@worker_init.connect  # type: ignore[untyped-decorator]
def refuse_mixing(**_: Any) -> None:
    """A worker takes no job where a pooler would mix schools."""
    pooler.require()


@worker_ready.connect  # type: ignore[untyped-decorator]
def count_worker(**_: Any) -> None:
    """A worker that takes jobs is one, whatever number of processes it runs them in."""
    metrics.process_started("worker", version=settings.VERSION, revision=settings.REVISION)
    for task in current_app.tasks.values():
        if hasattr(task, "runs_on"):
            metrics.declare_task(task.name, task.runs_on)


@beat_init.connect  # type: ignore[untyped-decorator]
def count_beat(**_: Any) -> None:
    """Beat lives."""
    metrics.process_started("beat", version=settings.VERSION, revision=settings.REVISION)


@before_task_publish.connect  # type: ignore[untyped-decorator]
def stamp(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Write the moment of publication into the message: a queue's length does not tell how long one waits in it."""
    if headers is not None and not headers.get("eta"):
        headers["published_at"] = time.time()


@task_prerun.connect  # type: ignore[untyped-decorator]
def note_start(task: Task | None = None, **_: Any) -> None:
    """Record how long a message waited; what comes by a turn tells its own time."""
    if task is None or not hasattr(task, "runs_on"):
        return
    published_at = getattr(task.request, "published_at", None)
    if published_at is not None:
        metrics.job_started(task.runs_on, time.time() - float(published_at))
