"""Tasks of families."""

from typing import Any

from core import clock
from schools.families import services
from workers.base import school_task
from workers.queues import BULK


@school_task("families.mail_links", queue=BULK)
def mail_links(*, campaign_id: str, **_: Any) -> None:
    """Mail every guardian of a round their link."""
    services.mail_links(campaign_id=campaign_id, by=None, at=clock.now())
