"""Tasks of the rollover."""

from typing import Any

from core import clock
from schools.rollover import services
from schools.rollover.models import Sweep
from workers.base import school_task
from workers.queues import BULK


@school_task("rollover.carry_out", queue=BULK)
def carry_out(*, sweep_id: str, **_: Any) -> None:
    """Place the students of a sweep from where it stands."""
    sweep = Sweep.objects.select_related("action__done_by").filter(pk=sweep_id).first()
    if sweep is not None and sweep.action is not None:
        services.carry_out(sweep_id=sweep_id, by=sweep.action.done_by, at=clock.now())
