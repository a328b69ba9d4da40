"""Tasks about accounts."""

from typing import Any

from identity import letters
from workers.base import school_task
from workers.queues import INTERACTIVE


@school_task("identity.send_invitation", queue=INTERACTIVE)
def send_invitation(*, user_id: str, **_: Any) -> None:
    """Mail the link to choose a first password."""
    letters.invitation(user_id)


@school_task("identity.send_reset", queue=INTERACTIVE)
def send_reset(*, user_id: str, **_: Any) -> None:
    """Mail the link to choose a new password."""
    letters.reset(user_id)
