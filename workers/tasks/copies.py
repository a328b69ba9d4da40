"""Tasks about copies of schools: made, restored, tried, removed when their time is over."""

from typing import Any

from core import clock, scope
from tenants.archive import making
from workers.base import public_task, school_task
from workers.queues import BULK


@public_task("tenants.make_copy", queue=BULK, lease=1800)
def make_copy(*, copy_id: str, **_: Any) -> None:
    """Make a copy that somebody asked for; a suspended school's too."""
    making.make(copy_id, at=clock.now())


@school_task("tenants.back_up", queue=BULK, lease=1800)
def back_up(**_: Any) -> None:
    """Make the day's archive of the school."""
    making.back_up(school_id=scope.current_school().id, at=clock.now())
