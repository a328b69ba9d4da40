"""Workers: each takes one school after the other until its rollout has ended, is paused or is stopped."""

import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable

from django.db import DatabaseError, OperationalError, connection, connections

from tenants import context
from tenants.fleet import claim, full, lean, status

log = logging.getLogger("shule.fleet")
LOCK_TIMEOUT = "2s"
LOCKED_OUT = {"55P03", "40P01"}  # lock_not_available, deadlock_detected
MOST_LOST = 5
Asked = Callable[[], bool]
Tell = Callable[[], None]


def crew(target: str, *, workers: int, stop: Asked, tell: Tell) -> None:
    """Work through a rollout with so many processes; `stop` ends it between schools, `tell` is called all the while."""
    if workers <= 1 or sys.platform != "linux":
        alone(target, stop=stop, tell=tell)
        return
    _leave_database()
    fork = multiprocessing.get_context("fork")
    hands = [fork.Process(target=_hand, args=(target,)) for _ in range(workers)]
    for hand in hands:
        hand.start()
    asked = False
    try:
        while any(hand.is_alive() for hand in hands):
            time.sleep(0.25)
            if stop() and not asked:
                asked = True
                for hand in hands:
                    hand.terminate()
            tell()
    except SystemExit:
        for hand in hands:
            hand.kill()
        raise


def alone(target: str, *, stop: Asked, tell: Tell = lambda: None) -> None:
    """Take schools until there are none to take."""
    roads, lost = lean.Roads(), 0
    while not stop():
        try:
            found = claim.take(target)
            if isinstance(found, claim.End):
                return
            if isinstance(found, claim.Claim):
                move(found, roads)
            lost = 0
        except OperationalError:
            lost += 1
            if lost > MOST_LOST:
                raise
            log.exception("the database was lost")
            _drop_connection()
            found = claim.Wait(claim.backoff(lost))
        finally:
            connection.close()
        tell()
        if isinstance(found, claim.Wait):
            time.sleep(found.seconds)


def _hand(target: str) -> None:
    """One of several: it ends after its school, whether Ctrl-C reached it as well or the first process alone."""
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: asked.append(number))
    alone(target, stop=lambda: bool(asked))


def move(claimed: claim.Claim, roads: lean.Roads) -> None:
    """Bring one school to the head and write down how it went; only a lost database is raised."""
    try:
        claim.done(claimed, _travel(claimed, roads))
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise
        log.warning("%s could not be brought to this version: %s", claimed.school.slug, error)
        said = f"{type(error).__name__}: {error}".strip()
        locked_out = isinstance(error, DatabaseError) and getattr(error.__cause__, "sqlstate", "") in LOCKED_OUT
        (claim.again if locked_out else claim.failed)(claimed, said)
    claim.release(claimed)


def _travel(claimed: claim.Claim, roads: lean.Roads) -> str:
    with context.in_school(claimed.school), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        try:
            road = roads.of(status.applied(claimed.school.schema))
            if road is None:
                full.run()
                return "full"
            road.run()
            return "lean"
        finally:
            if not connection.connection.closed:
                cursor.execute("RESET lock_timeout")


def _drop_connection() -> None:
    """End this session for good, and with it whatever lock it still holds."""
    if connection.connection is not None:
        connection.connection.close()


def _leave_database() -> None:
    """Nothing of a connection is shared with the processes that start as copies of this one."""
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]


def processors() -> int:
    """How many workers there are unless somebody says otherwise."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
