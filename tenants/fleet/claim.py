"""One school at a time for each worker, on however many machines.

A row is claimed with SKIP LOCKED and then held by an advisory lock of the very session that changes the school's
tables. Such a lock cannot lie: it ends with the session, whatever ended that, and a session that has ended changes
nothing more. A row that says "running" and is held by nobody is free again.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tenants import context
from tenants.fleet import status
from tenants.models import Rollout, School, UpgradeState, Wave

LOCK_SPACE = 0x5C4003
MOST_ATTEMPTS = 8
LONGEST_WAIT = 30.0


class End(Enum):
    """Why there is nothing more to claim."""

    DONE = "done"
    PAUSED = "paused"
    STOPPED = "stopped"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Claim:
    """A school that this session alone may bring to the target."""

    id: UUID
    school: School
    target: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Others work on what is left of this wave, or it waits for its next attempt."""

    seconds: float


def take(target: str) -> Claim | Wait | End:
    """The next school of the wave that is open; what this session claims it must settle and release."""
    with context.in_public():
        wave = open_wave(target)
        if isinstance(wave, End):
            return wave
        with transaction.atomic():
            row = _waiting(target, wave) or _abandoned(target, wave)
            if row is None:
                return Wait(_until_next(target, wave))
            upgrade, school_id, attempts = row
            if not _hold(school_id):  # the worker of another version's rollout is not through with it
                _execute(
                    "UPDATE tenants_upgrade SET not_before = clock_timestamp() + interval '2 s' WHERE id = %s", upgrade
                )
                return Wait(0.0)
            school = School.objects.get(pk=school_id)
            if not status.has_schema(school.schema):
                _release(school_id)
                _execute("DELETE FROM tenants_upgrade WHERE id = %s", upgrade)
                return Wait(0.0)
            if attempts >= MOST_ATTEMPTS:
                _release(school_id)
                _fail(upgrade, target, f"Each of {attempts} processes that tried died over it.")
                return Wait(0.0)
            _execute(
                """UPDATE tenants_upgrade SET state = 'running', attempts = attempts + 1, worker = %s, road = '',
                          started_at = clock_timestamp(), finished_at = NULL, updated_at = now() WHERE id = %s""",
                f"{socket.gethostname()}:{os.getpid()}"[:120],
                upgrade,
            )
    return Claim(upgrade, school, target, attempts + 1)


def open_wave(target: str) -> Wave | End:
    """The wave whose schools may be claimed now, or why none may; call inside in_public()."""
    rollout = Rollout.objects.filter(target=target).first()
    counts = counts_by_wave(target)
    waiting = [
        wave for wave in Wave if counts.get((wave, UpgradeState.WAITING)) or counts.get((wave, UpgradeState.RUNNING))
    ]
    if rollout is None or not waiting:
        return End.DONE
    if rollout.paused_at is not None:
        return End.PAUSED
    if sum(n for (_wave, state), n in counts.items() if state == UpgradeState.FAILED) > rollout.stop_after:
        return End.STOPPED
    first = waiting[0]
    if first != Wave.CANARIES and counts.get((Wave.CANARIES, UpgradeState.FAILED)) and not rollout.past_canaries:
        return End.HELD
    return first


def counts_by_wave(target: str) -> Mapping[tuple[int, str], int]:
    """How many schools stand in each state of each wave; call inside in_public()."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wave, state, count(*) FROM tenants_upgrade WHERE target = %s GROUP BY wave, state", [target]
        )
        return {(wave, state): n for wave, state, n in cursor.fetchall()}


def done(claim: Claim, road: str) -> None:
    """The school is at the target."""
    _execute(
        """UPDATE tenants_upgrade SET state = 'done', road = %s, error = '', finished_at = clock_timestamp(),
                  updated_at = now() WHERE id = %s AND target = %s""",
        road,
        claim.id,
        claim.target,
    )


def again(claim: Claim, error: str) -> None:
    """Somebody else held a table: try later, and after many times not again."""
    if claim.attempts >= MOST_ATTEMPTS:
        failed(claim, error)
        return
    _execute(
        """UPDATE tenants_upgrade SET state = 'waiting', error = %s, updated_at = now(),
                  not_before = clock_timestamp() + make_interval(secs => %s * (0.75 + random() / 2))
           WHERE id = %s AND target = %s""",
        error[:2000],
        backoff(claim.attempts),
        claim.id,
        claim.target,
    )


def failed(claim: Claim, error: str) -> None:
    """The school stays where it is until somebody asks for it again."""
    _fail(claim.id, claim.target, error)


def release(claim: Claim) -> None:
    """Let go of the school, after its row says how it went."""
    _release(claim.school.pk)


def backoff(attempts: int) -> float:
    """Seconds until the next attempt: half a second, doubled each time."""
    return float(min(0.5 * 2 ** (attempts - 1), LONGEST_WAIT))


def _waiting(target: str, wave: Wave) -> tuple[UUID, UUID, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, school_id, attempts FROM tenants_upgrade
               WHERE target = %s AND wave = %s AND state = 'waiting' AND not_before <= clock_timestamp()
               ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED""",
            [target, wave],
        )
        return cursor.fetchone()  # type: ignore[no-any-return]


def _abandoned(target: str, wave: Wave) -> tuple[UUID, UUID, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, school_id, attempts FROM tenants_upgrade
               WHERE target = %s AND wave = %s AND state = 'running' ORDER BY place FOR UPDATE SKIP LOCKED""",
            [target, wave],
        )
        running = cursor.fetchall()
        cursor.execute(
            """SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
            [LOCK_SPACE],
        )
        held = {key for (key,) in cursor.fetchall()}
    return next((row for row in running if _key(row[1]) not in held), None)


def _until_next(target: str, wave: Wave) -> float:
    """Seconds until something may be claimed: the nearest next attempt, and half a second where others are running."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT extract(epoch FROM min(not_before) - clock_timestamp()) FROM tenants_upgrade
               WHERE target = %s AND wave = %s AND state = 'waiting'""",
            [target, wave],
        )
        (seconds,) = cursor.fetchone()
    return 0.5 if seconds is None else min(max(float(seconds), 0.02), 0.5)


def _hold(school_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, _key(school_id)])
        return bool(cursor.fetchone()[0])


def _release(school_id: UUID) -> None:
    _execute("SELECT pg_advisory_unlock(%s, %s)", LOCK_SPACE, _key(school_id))


def _fail(upgrade: UUID, target: str, error: str) -> None:
    _execute(
        """UPDATE tenants_upgrade SET state = 'failed', error = %s, finished_at = clock_timestamp(), updated_at = now()
           WHERE id = %s AND target = %s""",
        error[:2000],
        upgrade,
        target,
    )


def _execute(sql: str, *parameters: Any) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _key(school_id: UUID) -> int:
    return school_id.int & 0x7FFFFFFF
