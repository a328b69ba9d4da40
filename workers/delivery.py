"""The school travels with every message: set where it is published, carried on by retry, group, chord and chain."""

from typing import Any

from celery.signals import before_task_publish

from core import scope


@before_task_publish.connect  # type: ignore[untyped-decorator]
def carry_school(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Write the current school's id into the message's header, unless one is there."""
    current = scope.current_or_none()
    if headers is not None and current is not None and not current.is_public:
        headers.setdefault("school", current.id)
