"""What a worker does with a turn: pick the fairest job that waits in its queue and run it; and how it says it lives."""

import logging
import threading
from typing import Any

import psycopg
from celery import Task, current_app, shared_task
from celery.exceptions import Reject
from celery.signals import worker_ready, worker_shutdown

from core import jobs, turns
from tenants import database
from workers.base import EXPECTED

log = logging.getLogger("shule.jobs")
SAY_SECONDS = 10


@shared_task(name=turns.NAME, bind=True, acks_late=True)  # type: ignore[untyped-decorator]
def take(self: Task, *, queue: str, **_: Any) -> None:
    """Run the next job of a queue, if there is one that may run now."""
    held = turns.pick(queue, worker=self.request.hostname or "")
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


class Presence(threading.Thread):
    """Says again and again that this worker lives, and how many jobs it runs at once.

    On connections of its own, opened for a moment: the worker's process forks, and a pool must not be forked with it.
    """

    def __init__(self, *, name: str, queues: list[str], slots: int) -> None:
        super().__init__(name="presence", daemon=True)
        self._name, self._queues, self._slots = name, queues, slots
        self._over = threading.Event()

    def run(self) -> None:
        """Until the worker ends."""
        while True:
            try:
                with _connection() as own:
                    turns.come(own, name=self._name, queues=self._queues, slots=self._slots)
            except psycopg.Error as error:
                log.warning("presence not noted", extra={"error": type(error).__name__})
            if self._over.wait(SAY_SECONDS):
                return

    def end(self) -> None:
        """Take leave."""
        self._over.set()
        self.join(5)
        try:
            with _connection() as own:
                turns.go(own, name=self._name)
        except psycopg.Error as error:
            log.warning("leave not taken", extra={"error": type(error).__name__})


_present: list[Presence] = []


@worker_ready.connect  # type: ignore[untyped-decorator]
def come(sender: Any = None, **_: Any) -> None:
    """A worker that takes jobs says so."""
    _present.append(
        Presence(
            name=sender.hostname,
            queues=sorted(current_app.amqp.queues.consume_from),
            slots=int(sender.pool.num_processes),
        )
    )
    _present[-1].start()


@worker_shutdown.connect  # type: ignore[untyped-decorator]
def go(**_: Any) -> None:
    """A worker that ends says so; one that is killed is missed within half a minute."""
    while _present:
        _present.pop().end()


def _connection() -> psycopg.Connection[Any]:
    return psycopg.connect(database.conninfo(), autocommit=True, connect_timeout=5, application_name="shule-presence")
