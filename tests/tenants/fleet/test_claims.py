"""A claim holds as long as the session that works on it, and not a moment longer."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from core import scope
from tenants import context, database
from tenants.fleet import claim, head, lean, plan, status, work
from tenants.models import School, Upgrade, UpgradeState
from tests.tenants.fleet.conftest import NextVersion, columns

Rows = Callable[[], dict[str, Upgrade]]


def lay() -> str:
    wanted = head.current()
    plan.lay(status.read(), wanted, canaries=["mwangaza", "baraka"], stop_after=10)
    return wanted.digest


def elsewhere(act: Callable[[], Any]) -> Any:
    """Do it in another session, which then ends."""
    found: list[Any] = []
    sessions: list[int] = []

    def run() -> None:
        try:
            found.append(act())
        finally:
            sessions.append(connection.connection.info.backend_pid)
            connection.connection.close()
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    while _lives(sessions[0]):
        time.sleep(0.01)
    return found[0]


def _lives(session: int) -> bool:
    """Whether the server's process of a session is still there: it notices its client's end a moment later."""
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [session])
        return cursor.fetchone() is not None


def slug(found: object) -> str:
    assert isinstance(found, claim.Claim), found
    return found.school.slug


def test_two_sessions_never_hold_the_same_school(schools: dict[str, School], next_version: NextVersion) -> None:
    next_version.brings()
    target = lay()
    mine = slug(claim.take(target))
    both = threading.Barrier(2, timeout=20)
    theirs: list[str] = []
    sessions: list[int] = []

    def other() -> None:
        theirs.append(slug(claim.take(target)))
        both.wait()
        both.wait()
        sessions.append(connection.connection.info.backend_pid)
        connection.connection.close()
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    both.wait()
    assert {mine, *theirs} == {"mwangaza", "baraka"}
    assert isinstance(claim.take(target), claim.Wait)
    both.wait()
    thread.join()
    while _lives(sessions[0]):
        time.sleep(0.01)
    assert slug(claim.take(target)) == theirs[0]


def test_a_claim_whose_session_ended_is_free_at_once(schools: dict[str, School], next_version: NextVersion) -> None:
    next_version.brings()
    target = lay()
    first = elsewhere(lambda: slug(claim.take(target)))
    assert slug(claim.take(target)) != first
    again = claim.take(target)
    assert isinstance(again, claim.Claim)
    assert (again.school.slug, again.attempts) == (first, 2)


def test_a_school_that_kills_its_worker_each_time_fails(
    schools: dict[str, School], next_version: NextVersion, rows: Rows
) -> None:
    next_version.brings()
    target = lay()
    with context.in_public():
        Upgrade.objects.filter(school=schools["mwangaza"]).update(
            state=UpgradeState.RUNNING, attempts=claim.MOST_ATTEMPTS
        )
    work.alone(target, stop=lambda: False)
    assert rows()["mwangaza"].state == UpgradeState.FAILED and "8 processes" in rows()["mwangaza"].error
    assert rows()["baraka"].state == UpgradeState.DONE


def test_a_school_that_is_archived_meanwhile_is_passed_over(
    schools: dict[str, School], next_version: NextVersion, rows: Rows
) -> None:
    next_version.brings()
    target = lay()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {schools['mwangaza'].schema} CASCADE")
    work.alone(target, stop=lambda: False)
    assert {slug: row.state for slug, row in rows().items()} == {"baraka": "done"}


def test_a_table_that_somebody_holds_is_tried_again_later_and_others_go_on(
    schools: dict[str, School], next_version: NextVersion, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "LOCK_TIMEOUT", "50ms")
    next_version.brings()
    target = lay()
    busy = psycopg.connect(database.conninfo())
    busy.execute(f"SELECT count(*) FROM {schools['mwangaza'].schema}.people_household")
    seen: list[str] = []

    def look() -> None:
        row = rows()["mwangaza"]
        if row.error and rows()["baraka"].state == UpgradeState.DONE and not busy.closed:
            seen.append(row.error)
            busy.close()

    work.alone(target, stop=lambda: False, tell=look)
    assert len(seen) == 1 and "lock timeout" in seen[0]
    assert {slug: row.state for slug, row in rows().items()} == {"mwangaza": "done", "baraka": "done"}
    assert rows()["mwangaza"].attempts >= 2 and rows()["mwangaza"].error == ""


def test_the_wait_between_attempts_doubles_and_ends() -> None:
    assert [claim.backoff(n) for n in (1, 2, 3, 7, 8)] == [0.5, 1.0, 2.0, 30.0, 30.0]


def test_a_worker_gives_its_session_back_between_schools_without_a_lock(
    schools: dict[str, School], next_version: NextVersion
) -> None:
    next_version.brings()
    work.alone(lay(), stop=lambda: False)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
               WHERE locktype = 'advisory' AND classid = %s AND datname = current_database()""",
            [claim.LOCK_SPACE],
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
    assert scope.current_or_none() is None


@pytest.fixture
def lingering(
    own_database: str, schools: dict[str, School], next_version: NextVersion, tmp_path: Path
) -> Callable[..., subprocess.Popen[str]]:
    """`lingering(seconds)`: `fleet migrate` by two workers, standing inside the first school's migration."""

    def start(seconds: int, *options: str) -> subprocess.Popen[str]:
        flag = tmp_path / "first"
        next_version.brings()
        next_version.brings(
            'migrations.AddField("household", "ward", models.CharField(max_length=9, null=True)),'
            "migrations.RunPython(linger),",
            before=f"""
            def linger(apps, schema_editor):
                try:
                    Path({str(flag)!r}).touch(exist_ok=False)
                except FileExistsError:
                    return
                time.sleep({seconds})
            """,
        )
        next_version.is_shared()
        running = subprocess.Popen(
            [sys.executable, "manage.py", "fleet", "migrate", "--workers", "2", *options],
            cwd=settings.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env={
                **os.environ, "DJANGO_SETTINGS_MODULE": next_version.settings_module(), "PYTHONPATH": str(tmp_path),
                "DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{own_database}",
            },
        )  # fmt: skip
        deadline = time.monotonic() + 120
        while not flag.exists():
            assert running.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        return running

    return start


def test_a_killed_worker_costs_nothing_but_time(
    schools: dict[str, School], lingering: Callable[..., subprocess.Popen[str]], rows: Rows
) -> None:
    """Two workers; one is killed inside a school's migration, and the other brings that school home as well."""
    running = lingering(300)
    [victim] = [row for row in rows().values() if row.state == UpgradeState.RUNNING]
    os.kill(int(victim.worker.rpartition(":")[2]), signal.SIGKILL)
    said, _nothing = running.communicate(timeout=120)

    assert running.returncode == 0, said
    assert said.endswith("2 at head.\n")
    assert {slug: row.state for slug, row in rows().items()} == {"mwangaza": "done", "baraka": "done"}
    assert rows()[victim.school.slug].attempts == 2
    for school in schools.values():
        assert {"zone", "ward"} <= columns(school, "people_household")


def test_ctrl_c_ends_it_after_the_schools_that_are_underway(
    schools: dict[str, School], lingering: Callable[..., subprocess.Popen[str]], rows: Rows
) -> None:
    running = lingering(2, "--canary", "mwangaza")
    os.killpg(running.pid, signal.SIGINT)
    said, _nothing = running.communicate(timeout=120)

    assert running.returncode == 1
    assert "run it again to go on. 1 at head, 1 behind." in said
    assert {slug: row.state for slug, row in rows().items()} == {"mwangaza": "done", "baraka": "waiting"}


def test_a_school_that_another_rollout_still_holds_keeps_nobody_waiting(
    schools: dict[str, School], next_version: NextVersion
) -> None:
    next_version.brings()
    target = lay()
    first = elsewhere(lambda: slug(claim.take(target)))
    with context.in_public():
        Upgrade.objects.filter(school=schools[first]).update(state=UpgradeState.WAITING)
    with psycopg.connect(database.conninfo()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [claim.LOCK_SPACE, claim._key(schools[first].pk)])
        assert claim.take(target) == claim.Wait(0.0)
        assert slug(claim.take(target)) != first


def test_a_school_that_is_worked_on_is_seen_in_the_locks_and_not_believed_by_its_row(
    schools: dict[str, School], next_version: NextVersion, rows: Rows
) -> None:
    next_version.brings()
    target = lay()
    held = claim.take(target)
    assert isinstance(held, claim.Claim)
    assert rows()[held.school.slug].state == UpgradeState.RUNNING
    assert elsewhere(lambda: slug(claim.take(target))) != held.school.slug
    work.move(held, lean.Roads())
    assert rows()[held.school.slug].state == UpgradeState.DONE
