"""The school travels with every message: set where it is published, carried on by retry, group, chord and chain."""

from typing import Any

from celery import current_app
from celery.signals import before_task_publish

from core import scope, turns
from workers import base


@before_task_publish.connect  # type: ignore[untyped-decorator]
def carry_school(sender: str = "", headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Write the current school's id into the message's header, unless one is there; a turn is nobody's."""
    school = "" if sender == turns.NAME else _school()
    if headers is not None and school:
        headers.setdefault("school", school)


def _school() -> str:
    """The school that is entered; for what follows a task, and is published when it has left, the task's own."""
    current = scope.current_or_none()
    if current is not None:
        return "" if current.is_public else current.id
    running = current_app.current_worker_task
    return base.school_of(running.request) if isinstance(running, base.SchoolTask) else ""
