"""A school that queues very much delays nobody: real messages, a real worker with four slots."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from core import jobs
from core.models import Job
from deploy.local.process import Process, wait_for
from loadtests.bench import naps
from tenants import context
from tenants.models import School

MANY = 150


@pytest.fixture
def schools(own_database: str) -> dict[str, School]:
    redis.Redis.from_url(settings.BROKER_URL).flushdb()
    with context.in_public():
        Job.objects.all().delete()
        return {school.slug: school for school in School.objects.all()}


@pytest.fixture
def worker(own_database: str, schools: dict[str, School], tmp_path: Path) -> Iterator[Process]:
    """A Celery worker of its own process, with four slots."""
    address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{own_database}"
    celery = [Path(sys.executable).parent / "celery", "-A", "workers.app", "worker", "-I", naps.__name__]
    process = Process(
        "worker",
        [*celery, "-P", "threads", "-c", "4", "-Q", "bulk", "-n", "bulk@here", "--without-gossip", "--without-mingle"],
        log=tmp_path / "worker.log",
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=settings.ROOT,
    )
    process.start()
    yield process
    process.stop()


def done() -> int:
    with context.in_public():
        return Job.objects.filter(state="done").count()


def ask(school: School, number: int) -> None:
    with context.in_school(school), transaction.atomic():
        for _ in range(number):
            jobs.later(naps.NAP, seconds=0.1)


def test_a_single_job_goes_before_the_many_of_another_school(schools: dict[str, School], worker: Process) -> None:
    ask(schools["mwangaza"], MANY)
    for number in (1, 2, 3):
        assert wait_for(lambda reached=number * 20: done() >= reached, 60), worker.said()
        ask(schools["baraka"], 1)
    assert wait_for(lambda: done() == MANY + 3, 120), worker.said()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM core_job other WHERE other.school_id <> one.school_id
                       AND other.started_at > one.run_after AND other.started_at < one.started_at)
               FROM core_job one WHERE school_id = %s""",
            [schools["baraka"].pk],
        )
        before = sorted(number for (number,) in cursor.fetchall())
        cursor.execute("SELECT sum(attempts) FROM core_job WHERE state = 'done'")
        assert cursor.fetchone() == (MANY + 3,), "each once"
    assert before[1] <= 3, "it waits for no more than what was starting"
