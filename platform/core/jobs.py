"""Work for later, as a transactional outbox: a row in the caller's transaction, published after commit.

A job asked for by a committed transaction runs, whatever is killed and whichever broker is away, and takes effect once:
its row is claimed before it runs, and a claim is a lease that expires with its worker. Table: `public.core_job`.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
import redis
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from core import clock, ids, scope
from monitoring import logging as logs

log = logging.getLogger(__name__)

LEASE_SECONDS = 900
RELAY_AFTER_SECONDS = 3
REPUBLISH_AFTER_SECONDS = 300
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
    request_id = str(logs.context().get("request_id", ""))
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO public.core_job
               (id, school_id, name, kwargs, queue, state, attempts, request_id, run_after, created_at, updated_at)
               VALUES (%s, %s, %s, %s, %s, 'waiting', 0, %s, %s, %s, %s)""",
            [
                job_id,
                None if current.is_public else current.id,
                name,
                orjson.dumps(kwargs, default=str).decode(),
                queue,
                request_id,
                now + timedelta(seconds=delay),
                now,
                now,
            ],
        )
    if not delay:
        school_id = None if current.is_public else current.id
        transaction.on_commit(lambda: _publish_quietly(job_id, name, kwargs, queue, school_id, request_id))
    return job_id


def publish(
    job_id: uuid.UUID, name: str, kwargs: Mapping[str, Any], queue: str, school_id: str | None, request_id: str
) -> None:
    """Hand one job to the broker and note it; raises what the broker raises."""
    headers = {"job_id": str(job_id), "request_id": request_id}
    if school_id is not None:
        headers["school"] = str(school_id)
    plain = orjson.loads(orjson.dumps(dict(kwargs), default=str))
    current_app.send_task(name, kwargs=plain, headers=headers, queue=queue, retry=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.core_job SET published_at = now() WHERE id = %s", [job_id])


def relay(*, limit: int = 200) -> int:
    """Publish what was left behind: never published, lost by the broker, or running on a worker that died."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, name, kwargs, queue, school_id, request_id FROM public.core_job
               WHERE run_after <= now() AND (
                     (state = 'waiting' AND published_at IS NULL AND created_at < now() - make_interval(secs => %s))
                  OR (state = 'waiting' AND published_at < now() - make_interval(secs => %s))
                  OR (state = 'running' AND lease_until < now() AND published_at < now() - make_interval(secs => 30)))
               ORDER BY run_after LIMIT %s FOR UPDATE SKIP LOCKED""",
            [RELAY_AFTER_SECONDS, REPUBLISH_AFTER_SECONDS, limit],
        )
        rows = cursor.fetchall()
        for job_id, name, kwargs, queue, school_id, request_id in rows:
            body = kwargs if isinstance(kwargs, dict) else orjson.loads(kwargs)
            publish(job_id, name, body, queue, str(school_id) if school_id else None, request_id)
    return len(rows)


def claim(job_id: str, *, lease: int = LEASE_SECONDS) -> bool:
    """Take a job for this worker; False when it is done or another worker holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET state = 'running', attempts = attempts + 1, started_at = now(),
                      lease_until = now() + make_interval(secs => %s), updated_at = now()
               WHERE id = %s AND (state = 'waiting' OR (state = 'running' AND lease_until < now()))""",
            [lease, job_id],
        )
        return bool(cursor.rowcount == 1)


def finish(job_id: str) -> None:
    """Note that a job took its effect."""
    _settle(job_id, "done", "")


def fail(job_id: str, error: str, *, retry_in: float | None) -> None:
    """Note a failure: to be tried again in `retry_in` seconds, or for good with None."""
    if retry_in is None:
        _settle(job_id, "failed", error)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET state = 'waiting', published_at = NULL, lease_until = NULL, error = %s,
                      run_after = now() + make_interval(secs => %s), updated_at = now()
               WHERE id = %s AND state = 'running'""",
            [error[:2000], retry_in, job_id],
        )


def wake(school_id: str) -> None:
    """Make the jobs due at once that were put off while their school was closed; the relay publishes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET run_after = now(), published_at = NULL, attempts = 0, updated_at = now()
               WHERE school_id = %s AND state = 'waiting' AND error LIKE %s""",
            [school_id, f"{CLOSED}%"],
        )


def attempts(job_id: str) -> int:
    """How often a job was started."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT attempts FROM public.core_job WHERE id = %s", [job_id])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def backlog() -> tuple[int, float]:
    """How many due jobs the broker has not been given, and the age of the oldest in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*), coalesce(extract(epoch FROM now() - min(run_after)), 0) FROM public.core_job
               WHERE state = 'waiting' AND published_at IS NULL AND run_after <= now()"""
        )
        number, age = cursor.fetchone()
    return int(number), float(age)


def oldest_by_queue() -> dict[str, float]:
    """The age in seconds of the oldest job that waits in each queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT queue, extract(epoch FROM now() - min(run_after)) FROM public.core_job
               WHERE state = 'waiting' AND run_after <= now() GROUP BY queue"""
        )
        return {queue: float(age) for queue, age in cursor.fetchall()}


def of_school(school_id: str) -> int:
    """How many traces of a school's work are left: rows of the outbox and the calendar, messages in the broker."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM public.core_job WHERE school_id = %s OR kwargs->>'school_id' = %s)
                    + (SELECT count(*) FROM public.core_due WHERE school_id = %s)""",
            [school_id, school_id, school_id],
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
    return removed


def _messages_of(school_id: str) -> list[tuple[str, list[bytes]]]:
    """The messages in each queue whose header names the school; none while the broker is away."""
    queues = {str(task.runs_on) for task in current_app.tasks.values() if hasattr(task, "runs_on")}
    found: list[tuple[str, list[bytes]]] = []
    try:
        with _broker() as broker:
            for queue in sorted(queues):
                wanted = school_id.encode()
                found.append((queue, [m for m in broker.lrange(queue, 0, -1) if wanted in m]))
    except (redis.RedisError, OSError) as error:
        log.warning("broker away", extra={"error": type(error).__name__})
    return found


def _broker() -> "redis.Redis":
    return redis.Redis.from_url(settings.BROKER_URL, socket_timeout=5, socket_connect_timeout=1)


def _settle(job_id: str, state: str, error: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET state = %s, error = %s, finished_at = now(), lease_until = NULL,
                      updated_at = now() WHERE id = %s AND state = 'running'""",
            [state, error[:2000], job_id],
        )


def _queue(name: str) -> str:
    task = current_app.tasks.get(name)
    if task is None:
        raise UnknownJob(f"No task is declared as {name} in workers.tasks.")
    return str(task.runs_on)


def _publish_quietly(
    job_id: uuid.UUID, name: str, kwargs: Mapping[str, Any], queue: str, school_id: str | None, request_id: str
) -> None:
    """Publish now; what fails stays in the outbox for the relay."""
    try:
        publish(job_id, name, kwargs, queue, school_id, request_id)
    except (OSError, OperationalError) as error:
        log.warning("broker away, the relay will publish", extra={"job": name, "error": type(error).__name__})
