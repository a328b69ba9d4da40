"""Tasks of bulk actions."""

from typing import Any

from core import clock
from schools.bulk import services
from schools.bulk.models import Action
from workers.base import school_task
from workers.queues import BULK


@school_task("bulk.undo", queue=BULK)
def undo(*, action_id: str, **_: Any) -> None:
    """Take an act on many records back."""
    action = Action.objects.select_related("undone_by").get(pk=action_id)
    services.carry_out_undo(action_id=action_id, by=action.undone_by, at=clock.now())
