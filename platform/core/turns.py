"""Whose job runs next: a message in the broker is a turn, and names no job; who gets it picks the fairest that waits.

Each school has a lane in each queue. Fewest running first, and who waits gains on who does not; beyond its cap a school
goes on only while nobody below theirs waits, so that no worker idles while any job is due. What runs is counted from
leases: what died is not counted. Tables: `public.core_job`, `core_lane`.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import ChannelError, OperationalError

log = logging.getLogger(__name__)

NAME = "jobs.turn"
SLOTS = 2  # what a school may have running in a queue while others wait, unless its plan says otherwise
LEASE_SECONDS = 60
AGE_SECONDS = 30.0  # waiting this long counts as much as one running job fewer
_LOCK_SPACE = 0x7042
_LANE = "coalesce(school_id, '00000000-0000-0000-0000-000000000000'::uuid)"

# The first job of each lane is found by one look into the index `core_job_lanes`, however long the lane.
_PICK = f"""
WITH RECURSIVE waiting AS (
    (SELECT {_LANE} AS lane, run_after AS due, cap FROM public.core_job
     WHERE queue = %(queue)s AND state = 'waiting' ORDER BY {_LANE}, run_after LIMIT 1)
    UNION ALL
    SELECT following.* FROM waiting, LATERAL (
        SELECT {_LANE} AS lane, run_after AS due, cap FROM public.core_job
        WHERE queue = %(queue)s AND state = 'waiting' AND {_LANE} > waiting.lane
        ORDER BY {_LANE}, run_after LIMIT 1) AS following
), busy AS (
    SELECT {_LANE} AS lane, count(*) AS jobs FROM public.core_job
    WHERE queue = %(queue)s AND state = 'running' AND lease_until > statement_timestamp() GROUP BY 1
), chosen AS (
    SELECT waiting.lane
    FROM waiting
    LEFT JOIN busy ON busy.lane = waiting.lane
    LEFT JOIN public.core_lane served ON served.queue = %(queue)s AND served.lane = waiting.lane
    CROSS JOIN LATERAL (
        SELECT coalesce(busy.jobs, 0) AS running, greatest(waiting.due, served.served_at) AS since) AS its
    WHERE waiting.due <= statement_timestamp()
    ORDER BY its.running >= waiting.cap,
             its.running - extract(epoch FROM statement_timestamp() - its.since) / %(age)s,
             its.since
    LIMIT 1
), picked AS (
    SELECT id FROM public.core_job
    WHERE queue = %(queue)s AND state = 'waiting' AND {_LANE} = (SELECT lane FROM chosen)
      AND run_after <= statement_timestamp()
    ORDER BY run_after LIMIT 1 FOR UPDATE SKIP LOCKED
), noted AS (
    INSERT INTO public.core_lane (id, queue, lane, served_at, created_at, updated_at)
    SELECT gen_random_uuid(), %(queue)s, chosen.lane, now.now, now.now, now.now
    FROM chosen, picked, statement_timestamp() AS now(now)
    ON CONFLICT (queue, lane) DO UPDATE SET served_at = excluded.served_at, updated_at = excluded.updated_at
)
UPDATE public.core_job job
SET state = 'running', attempts = attempts + 1, started_at = statement_timestamp(),
    lease_until = statement_timestamp() + make_interval(secs => %(lease)s), updated_at = statement_timestamp()
FROM picked WHERE job.id = picked.id
RETURNING job.id, job.name, job.kwargs, job.queue, job.school_id, job.request_id, job.attempts,
          extract(epoch FROM statement_timestamp() - job.run_after)
"""  # noqa: S608 (the lane's expression, written once)


@dataclass(frozen=True, slots=True)
class Held:
    """A job that somebody runs; `attempt` tells this run of it from a later one, `waited` is in seconds."""

    id: str
    name: str
    kwargs: Mapping[str, Any]
    queue: str
    school_id: str
    request_id: str
    attempt: int
    waited: float

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "Held":
        """A row: id, name, kwargs, queue, school, request, attempts, seconds waited."""
        job_id, name, kwargs, queue, school_id, request_id, attempt, waited = row
        body = kwargs if isinstance(kwargs, dict) else orjson.loads(kwargs)
        return cls(str(job_id), name, body, queue, str(school_id or ""), request_id, int(attempt), float(waited))


def pick(queue: str, *, lease: int = LEASE_SECONDS) -> Held | None:
    """Take the fairest due job of a queue; None when none is due.

    Turns of a queue are decided one after the other, so that each counts what the one before it took.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_SPACE, queue])
        cursor.execute(_PICK, {"queue": queue, "lease": lease, "age": AGE_SECONDS})
        row = cursor.fetchone()
    return Held.of(row) if row else None


def call(queue: str) -> bool:
    """Put one turn into a queue; False when the broker is away, and the relay will do it."""
    return _quietly(lambda: _send(queue))


def pass_on(queue: str) -> None:
    """Leave a turn behind when somebody waits in a queue and the broker holds none.

    Called after each pick and each end of a task: as many workers wake as there is work, whichever turn was lost.
    """
    if somebody_waits(queue) and left(queue) == 0:
        call(queue)


def somebody_waits(queue: str) -> bool:
    """Whether a job of a queue is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM public.core_job
               WHERE queue = %s AND state = 'waiting' AND run_after <= statement_timestamp())""",
            [queue],
        )
        return bool(cursor.fetchone()[0])


def left(queue: str) -> int | None:
    """How many messages the broker holds in a queue; None when it is away."""
    found: list[int] = []
    return found[0] if _quietly(lambda: found.append(_length(queue))) else None


def _send(queue: str) -> None:
    current_app.send_task(NAME, kwargs={"queue": queue}, queue=queue, retry=False)


def _length(queue: str) -> int:
    with current_app.producer_pool.acquire(block=True, timeout=5) as producer:
        try:
            return int(producer.channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:  # an empty queue does not exist
            return 0


def _quietly(act: Callable[[], object]) -> bool:
    """Do it; what the broker refuses stays in the outbox for the relay."""
    try:
        act()
        return True
    except (OSError, OperationalError) as error:
        log.warning("broker away, the relay will call", extra={"error": type(error).__name__})
        return False
