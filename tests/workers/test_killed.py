"""A worker that is killed in the middle of a list: another one takes it up, and every row is there once."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

from core import clock, jobs
from deploy.local.process import Process, wait_for
from schools.imports import engine, matching, services
from schools.imports.models import Run
from schools.people.models import Student
from tenants import context
from tenants.models import School

ROWS = 2_000
Worker = Callable[[], Process]


@pytest.fixture
def worker(own_database: str, tmp_path: Path) -> Iterator[Worker]:
    """`worker()`: a Celery worker of its own process over the test's database and broker."""
    redis.Redis.from_url(settings.BROKER_URL).flushdb()
    environment = {
        **os.environ,
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{own_database}",
        "STORAGE_URL": f"file://{settings.MEDIA_ROOT}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    celery = [Path(sys.executable).parent / "celery", "-A", "workers.app", "worker", "--pool", "threads", "-c", "1"]
    started: list[Process] = []

    def start() -> Process:
        log = tmp_path / f"worker-{len(started)}.log"
        started.append(Process("worker", [*celery, "-Q", "bulk"], log=log, env=environment, cwd=settings.ROOT))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.stop()


def asked_for(school: School) -> Run:
    """A checked list, whose import waits for a worker."""
    with context.in_school(school):
        roll = "Adm No,Name\n" + "".join(f"K{n:05d},Child {n}\n" for n in range(ROWS))
        run = services.receive(
            importer="roll", file_name="roll.csv", content=roll.encode(), mode="insert", options={}, by=None,
            at=clock.now(),
        )  # fmt: skip
        run = services.match(
            run=run, mapping=matching.suggest(run), options={}, filter_column=None, filter_value="", by=None,
            at=clock.now(), in_background=False,
        )  # fmt: skip
        engine.check(run_id=str(run.pk), at=clock.now())
        run.refresh_from_db()
        return services.start(run=run, by=None, at=clock.now())


def test_a_list_whose_worker_is_killed_goes_on_elsewhere_with_every_row_once(own_database: str, worker: Worker) -> None:
    with context.in_public():
        school = School.objects.get(slug="mwangaza")
    run = asked_for(school)

    def position() -> int:
        with context.in_school(school):
            run.refresh_from_db()
        return run.position

    first = worker()
    assert wait_for(lambda: position() >= 400 or not first.alive(), 120, pause=0.02), first.said()
    first.send(signal.SIGKILL)
    assert wait_for(lambda: not first.alive(), 5)
    at = position()
    assert (run.state, 400 <= at < ROWS) == ("importing", True)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, extract(epoch FROM lease_until - now()) FROM core_job WHERE name = 'imports.carry_out'"
        )
        [(state, seconds)] = cursor.fetchall()
        assert (state, seconds <= 120) == ("running", True), "nobody waits longer for it than its lease"
        assert jobs.relay() == 0, "it may still be working"
        cursor.execute("UPDATE core_job SET lease_until = now(), published_at = now() - interval '31 seconds'")
        assert jobs.relay() == 1

    second = worker()
    assert wait_for(lambda: position() == ROWS or not second.alive(), 120, pause=0.1), second.said()

    assert (run.state, run.count("create"), run.count("wrong")) == ("done", ROWS, 0)
    with context.in_school(school):
        numbers = Student.objects.filter(admission_number__startswith="K")
        assert numbers.count() == numbers.values("admission_number").distinct().count() == ROWS
        assert run.changes.filter(model="people.Student").count() == ROWS, "each can be taken back"
