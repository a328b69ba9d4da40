"""Work for later, as a transactional outbox: a row in the caller's transaction, and a turn called after commit.

A job asked for by a committed transaction runs, whatever is killed and whichever broker is away, and takes effect once:
its row is claimed before it runs, and a claim is a lease that is renewed while its worker lives. Which job runs next is
decided in `core.turns`. Table: `public.core_job`.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import orjson
import redis
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from core import ids, scope, turns
from core.turns import LEASE_SECONDS, Held
from monitoring import logging as logs

log = logging.getLogger(__name__)

RENEW_SECONDS = 20
MOST_ATTEMPTS = 6
CLOSED = "the school is "  # how the note of a job begins that waits for its school to open again


class UnknownJob(LookupError):
    """Nothing in `workers.tasks` is declared under this name."""


def later(name: str, *, delay: float = 0, **kwargs: Any) -> uuid.UUID:
    """Ask for a declared task, in the caller's transaction; gives back the job's id.

    `kwargs` are JSON (ids, not objects). The job belongs to the current school, or to the platform inside in_public().
    `delay` is in seconds.
    """
    queue = _queue(name)
    current = scope.current()
    job_id = ids.uuid7()
    with connection.cursor() as cursor:
        # The database's own clock: a turn that comes at once must find the job due.
        cursor.execute(
            """INSERT INTO public.core_job
               (id, school_id, name, kwargs, queue, cap, state, attempts, request_id, run_after, created_at, updated_at)
               VALUES (%s, %s, %s, %s, %s, %s, 'waiting', 0, %s,
                       statement_timestamp() + make_interval(secs => %s),
                       statement_timestamp(), statement_timestamp())""",
            [
                job_id,
                None if current.is_public else current.id,
                name,
                orjson.dumps(kwargs, default=str).decode(),
                queue,
                int(current.limits.get("job_slots", turns.SLOTS)),
                str(logs.context().get("request_id", "")),
                delay,
            ],
        )
    if not delay:
        _call_after_commit(queue, job_id)
    return job_id


def relay() -> int:
    """Take back what dead workers held, and call where somebody waits and no turn is left; gives back the calls."""
    _take_back()
    called = 0
    for queue in queues():
        if turns.somebody_waits(queue):
            left = turns.left(queue)
            called += left == 0 and turns.call(queue)
            if left is not None:
                _told_of_all(queue)
    return called


def queues() -> list[str]:
    """Every queue that a declared task runs on."""
    return sorted({str(task.runs_on) for task in current_app.tasks.values() if hasattr(task, "runs_on")})


def claim(job_id: str, *, lease: int = LEASE_SECONDS) -> Held | None:
    """Take one job that a message names; None when it is done or another worker holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET state = 'running', attempts = attempts + 1, started_at = now(),
                      lease_until = now() + make_interval(secs => %s), updated_at = now()
               WHERE id = %s AND (state = 'waiting' OR (state = 'running' AND lease_until < now()))
               RETURNING id, name, kwargs, queue, school_id, request_id, attempts,
                         extract(epoch FROM now() - run_after)""",
            [lease, job_id],
        )
        row = cursor.fetchone()
    return Held.of(row) if row else None


@contextmanager
def kept(held: Held) -> Iterator[None]:
    """Renew the lease of a job for as long as the block runs, so that a dead worker's is free within a minute."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(RENEW_SECONDS):
                _renew(held)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease {held.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def finish(held: Held) -> None:
    """Note that a job took its effect."""
    _settle(held, "done", "")


def fail(held: Held, error: str, *, retry_in: float | None) -> None:
    """Note a failure: to be tried again in `retry_in` seconds, or for good with None."""
    if retry_in is None:
        _settle(held, "failed", error)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET state = 'waiting', published_at = NULL, lease_until = NULL, error = %s,
                      run_after = statement_timestamp() + make_interval(secs => %s), updated_at = now()
               WHERE id = %s AND state = 'running' AND attempts = %s""",
            [error[:2000], retry_in, held.id, held.attempt],
        )


def wake(school_id: str) -> None:
    """Make the jobs due at once that were put off while their school was closed; the relay calls for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET run_after = now(), published_at = NULL, attempts = 0, updated_at = now()
               WHERE school_id = %s AND state = 'waiting' AND error LIKE %s""",
            [school_id, f"{CLOSED}%"],
        )


def backlog() -> tuple[int, float]:
    """How many due jobs the broker was never told of, and the age of the oldest in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*), coalesce(extract(epoch FROM now() - min(run_after)), 0) FROM public.core_job
               WHERE state = 'waiting' AND published_at IS NULL AND run_after <= now()"""
        )
        number, age = cursor.fetchone()
    return int(number), float(age)


def waiting() -> dict[str, tuple[int, float]]:
    """How many due jobs wait in each queue that has some, and the age of the oldest in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT queue, count(*), extract(epoch FROM now() - min(run_after)) FROM public.core_job
               WHERE state = 'waiting' AND run_after <= now() GROUP BY queue"""
        )
        return {queue: (int(number), float(age)) for queue, number, age in cursor.fetchall()}


def of_school(school_id: str) -> int:
    """How many traces of a school's work are left: rows of the outbox and the calendar, messages in the broker."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM public.core_job WHERE school_id = %s OR kwargs->>'school_id' = %s)
                    + (SELECT count(*) FROM public.core_due WHERE school_id = %s)
                    + (SELECT count(*) FROM public.core_lane WHERE lane = %s)""",
            [school_id] * 4,
        )
        rows = int(cursor.fetchone()[0])
    return rows + sum(len(found) for _queue, found in _messages_of(school_id))


def erase(school_id: str) -> int:
    """Remove a school's jobs, its rows of the calendar and its messages in the broker; gives back how many."""
    removed = 0
    for queue, found in _messages_of(school_id):
        with _broker() as broker:
            removed += sum(int(broker.lrem(queue, 0, message)) for message in found)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM public.core_job WHERE (school_id = %s OR kwargs->>'school_id' = %s) AND state <> 'running'",
            [school_id, school_id],
        )
        removed += int(cursor.rowcount)
        cursor.execute("DELETE FROM public.core_due WHERE school_id = %s", [school_id])
        removed += int(cursor.rowcount)
        cursor.execute("DELETE FROM public.core_lane WHERE lane = %s", [school_id])
        removed += int(cursor.rowcount)
    return removed


def _messages_of(school_id: str) -> list[tuple[str, list[bytes]]]:
    """The messages in each queue whose header names the school; none while the broker is away."""
    found: list[tuple[str, list[bytes]]] = []
    try:
        with _broker() as broker:
            for queue in queues():
                wanted = school_id.encode()
                found.append((queue, [m for m in broker.lrange(queue, 0, -1) if wanted in m]))
    except (redis.RedisError, OSError) as error:
        log.warning("broker away", extra={"error": type(error).__name__})
    return found


def _broker() -> "redis.Redis":
    return redis.Redis.from_url(settings.BROKER_URL, socket_timeout=5, socket_connect_timeout=1)


def forget(*, ended_before: datetime) -> None:
    """Drop jobs that took their effect before a moment, and lanes that nobody has used since."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.core_job WHERE state = 'done' AND finished_at < %s", [ended_before])
        cursor.execute("DELETE FROM public.core_lane WHERE served_at < %s", [ended_before])


class _Call:
    """After a commit: one turn for a queue, however many jobs were asked for: each turn that is taken calls on."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self.jobs: list[uuid.UUID] = []

    def __call__(self) -> None:
        if turns.call(self.queue):
            _told(self.jobs)


def _call_after_commit(queue: str, job_id: uuid.UUID) -> None:
    asked = (entry[1] for entry in connection.run_on_commit)
    call = next((one for one in asked if isinstance(one, _Call) and one.queue == queue), None)
    if call is not None:
        call.jobs.append(job_id)
        return
    call = _Call(queue)
    call.jobs.append(job_id)
    transaction.on_commit(call)


def _told(jobs: list[uuid.UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.core_job SET published_at = now() WHERE id = ANY(%s)", [jobs])


def _told_of_all(queue: str) -> None:
    """A broker that answers holds a turn of this queue: what is due in it is not forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET published_at = now()
               WHERE queue = %s AND state = 'waiting' AND published_at IS NULL AND run_after <= now()""",
            [queue],
        )


def _take_back() -> None:
    """Let jobs wait again whose lease ended with their worker; one that ends every worker is given up."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET error = 'its worker died', lease_until = NULL, updated_at = now(),
                      published_at = NULL,
                      state = CASE WHEN attempts < %s THEN 'waiting' ELSE 'failed' END,
                      finished_at = CASE WHEN attempts < %s THEN NULL ELSE now() END
               WHERE state = 'running' AND lease_until < now()""",
            [MOST_ATTEMPTS, MOST_ATTEMPTS],
        )


def _renew(held: Held) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE public.core_job SET lease_until = now() + make_interval(secs => %s)
                   WHERE id = %s AND state = 'running' AND attempts = %s""",
                [LEASE_SECONDS, held.id, held.attempt],
            )
            if cursor.rowcount == 0:
                log.warning("lease lost", extra={"task": held.name, "job_id": held.id})
    except (DatabaseError, InterfaceError) as error:
        log.warning("lease not renewed", extra={"job_id": held.id, "error": type(error).__name__})
        connection.close()


def _settle(held: Held, state: str, error: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET state = %s, error = %s, finished_at = now(), lease_until = NULL,
                      updated_at = now() WHERE id = %s AND state = 'running' AND attempts = %s""",
            [state, error[:2000], held.id, held.attempt],
        )


def _queue(name: str) -> str:
    task = current_app.tasks.get(name)
    if task is None:
        raise UnknownJob(f"No task is declared as {name} in workers.tasks.")
    return str(task.runs_on)
