"""What a worker does with a turn: pick the fairest job that waits in its queue and run it."""

import logging
from typing import Any

from celery import current_app, shared_task
from celery.exceptions import Reject

from core import jobs, turns
from workers.base import EXPECTED

log = logging.getLogger("shule.jobs")


@shared_task(name=turns.NAME, acks_late=True)  # type: ignore[untyped-decorator]
def take(*, queue: str, **_: Any) -> None:
    """Run the next job of a queue, if one is due."""
    held = turns.pick(queue)
    if held is None:
        return
    turns.pass_on(queue)
    task = current_app.tasks.get(held.name)
    if task is None:  # asked for by a newer version, or by one that is gone
        jobs.fail(held, "no task has this name", retry_in=30 if held.attempt < jobs.MOST_ATTEMPTS else None)
        return
    said = {"task": held.name, "job_id": held.id, "attempt": held.attempt}
    try:
        task.carry_out(held)
    except Reject:
        return
    except EXPECTED as error:
        log.warning("job failed", extra={**said, "error": f"{type(error).__name__}: {error}"[:500]})
    except Exception:
        log.exception("job failed", extra=said)
    else:
        log.info("job done", extra=said)
