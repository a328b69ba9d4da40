"""Tasks of attendance."""

from typing import Any

from core import clock
from schools.attendance import following
from workers.base import school_task
from workers.queues import DEFAULT


@school_task("attendance.notify_absences", queue=DEFAULT)
def notify_absences(**_: Any) -> None:
    """Tell guardians whose children are absent, after the cut-off time; remind teachers of missing registers."""
    following.notify(by=None, at=clock.now())
    following.remind(by=None, at=clock.now())
