"""The queues: what a person waits for, what a person will notice, what may take its time."""

from typing import Any

INTERACTIVE = "interactive"
DEFAULT = "default"
BULK = "bulk"
ALL = (INTERACTIVE, DEFAULT, BULK)


def route(name: str, args: Any, kwargs: Any, options: Any, task: Any = None, **_: Any) -> dict[str, str]:
    """Celery's router: each task runs on the queue that its declaration names."""
    return {"queue": getattr(task, "runs_on", DEFAULT)}
