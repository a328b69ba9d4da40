"""Tasks of papers."""

from typing import Any

from core import clock
from schools.papers import services
from schools.papers.models import Batch
from workers.base import school_task
from workers.queues import BULK


@school_task("papers.make", queue=BULK)
def make(*, batch_id: str, **_: Any) -> None:
    """Set the papers of a batch."""
    batch = Batch.objects.select_related("asked_by").filter(pk=batch_id).first()
    if batch is not None:
        services.make(batch_id=batch_id, by=batch.asked_by, at=clock.now())
