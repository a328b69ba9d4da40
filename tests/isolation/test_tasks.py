"""In whose school a task runs, in every shape that a message can take: real messages, a real worker."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from celery import chain, chord, current_app, group
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.db import connection, transaction

from audit import recording as audit
from audit.models import Entry
from core import clock, jobs, scope
from core.models import Due, Job
from schools.people.models import Student
from tenants import context, lifecycle, periodic
from tenants.models import School
from workers.base import school_task

Saw = list[tuple[str, str, str, int]]
seen: Saw = []


@school_task("tests.look", queue="default")
def look(*_: Any, label: str = "", **__: Any) -> str:
    """Note where it stands: the path, the school, and whose students are there."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        path = str(cursor.fetchone()[0])
    seen.append((label, scope.current_school().slug, path, Student.objects.filter(first_name="Amani").count()))
    return label


@school_task("tests.look_again", queue="default")
def look_again(*, label: str, **_: Any) -> None:
    """Look, fail once, and look again."""
    look.run(label=label)
    if len([one for one in seen if one[0] == label]) == 1:
        raise look_again_task().retry(countdown=0, max_retries=1)


def look_again_task() -> Any:
    return current_app.tasks["tests.look_again"]


@pytest.fixture
def schools(own_database: str) -> dict[str, School]:
    with context.in_public():
        Job.objects.all().delete()
        return {school.slug: school for school in School.objects.all()}


@pytest.fixture
def worker(schools: dict[str, School]) -> Iterator[None]:
    """A Celery worker on the run's own broker, which keeps results so that a chord can be joined."""
    from workers.app import app

    redis.Redis.from_url(settings.BROKER_URL).flushdb()
    seen.clear()
    before = app.conf.result_backend, app.conf.task_ignore_result
    app.conf.update(result_backend=settings.BROKER_URL, task_ignore_result=False)
    app.__dict__.pop("backend", None)
    app._local.__dict__.pop("backend", None)
    for name in ("tests.look", "tests.look_again"):
        app.tasks[name].ignore_result = False
        app.tasks[name].backend = None
    app.amqp.queues.select(["interactive", "default", "bulk"])
    with start_worker(app, pool="solo", perform_ping_check=False, loglevel="CRITICAL", shutdown_timeout=30):
        yield
    app.conf.update(result_backend=before[0], task_ignore_result=before[1])
    app.__dict__.pop("backend", None)
    app._local.__dict__.pop("backend", None)


def after(number: int) -> Saw:
    """What was seen, once that many tasks have looked."""
    until = time.monotonic() + 30
    while len(seen) < number and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.1)
    return sorted(seen)


def expected(schools: dict[str, School], *labels: tuple[str, str]) -> Saw:
    return sorted((label, slug, schools[slug].schema, int(slug == "mwangaza")) for label, slug in labels)


def test_a_task_that_is_tried_again_is_tried_in_its_own_school(worker: None, schools: dict[str, School]) -> None:
    for slug, school in schools.items():
        with context.in_school(school):
            look_again_task().apply_async(kwargs={"label": slug})
    assert after(4) == expected(schools, *2 * [("mwangaza", "mwangaza"), ("baraka", "baraka")])


def test_a_task_for_a_later_moment_runs_in_the_school_that_asked(worker: None, schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]):
        look.apply_async(kwargs={"label": "later"}, countdown=1)
    with context.in_school(schools["baraka"]):
        look.apply_async(kwargs={"label": "now"})
    assert after(2) == expected(schools, ("later", "mwangaza"), ("now", "baraka"))


def test_a_group_runs_whole_in_the_school_that_asked(worker: None, schools: dict[str, School]) -> None:
    for slug in ("mwangaza", "baraka"):
        with context.in_school(schools[slug]):
            group(look.s(label=f"{slug} {n}") for n in range(3)).apply_async()
    wanted = [(f"{slug} {n}", slug) for slug in ("mwangaza", "baraka") for n in range(3)]
    assert after(6) == expected(schools, *wanted)


def test_every_link_of_a_chain_runs_in_the_school_that_asked(worker: None, schools: dict[str, School]) -> None:
    for slug in ("mwangaza", "baraka"):
        with context.in_school(schools[slug]):
            chain(*(look.si(label=f"{slug} {n}") for n in range(3))).apply_async()
    wanted = [(f"{slug} {n}", slug) for slug in ("mwangaza", "baraka") for n in range(3)]
    assert after(6) == expected(schools, *wanted)


def test_a_chord_is_joined_in_the_school_that_asked(worker: None, schools: dict[str, School]) -> None:
    for slug in ("mwangaza", "baraka"):
        with context.in_school(schools[slug]):
            chord([look.si(label=f"{slug} {n}") for n in range(2)])(look.si(label=f"{slug} joined"))
    wanted = [(f"{slug} {n}", slug) for slug in ("mwangaza", "baraka") for n in (0, 1, "joined")]
    assert after(6) == expected(schools, *wanted)


def test_what_a_task_links_to_runs_in_the_school_that_asked(worker: None, schools: dict[str, School]) -> None:
    with context.in_school(schools["baraka"]):
        look.apply_async(kwargs={"label": "first"}, link=look.si(label="linked"))
    assert after(2) == expected(schools, ("first", "baraka"), ("linked", "baraka"))


def test_beat_names_no_school_so_a_schools_task_sent_by_it_is_refused(worker: None, schools: dict[str, School]) -> None:
    current_app.send_task("tests.look", kwargs={"label": "from beat"}, queue="default")
    with context.in_school(schools["baraka"]):
        look.apply_async(kwargs={"label": "next"})
    assert after(1) == expected(schools, ("next", "baraka"))


def test_the_calendar_asks_each_school_for_its_own_work(worker: None, schools: dict[str, School]) -> None:
    with context.in_public():
        Due.objects.update(next_at=clock.now())
        Due.objects.exclude(name="audit.seal").delete()
    with transaction.atomic():
        assert periodic.tick(at=clock.now()) == 2
    until = time.monotonic() + 30
    with context.in_public():
        while Job.objects.filter(state="done").count() < 2 and time.monotonic() < until:
            time.sleep(0.05)
        done = set(Job.objects.filter(name="audit.seal", state="done").values_list("school_id", flat=True))
    assert done == {school.pk for school in schools.values()}


def test_a_task_of_an_unknown_school_is_refused(worker: None, schools: dict[str, School]) -> None:
    look.apply_async(kwargs={"label": "nobody's"}, headers={"school": str(uuid.uuid4())})
    look.apply_async(kwargs={"label": "no id"}, headers={"school": "mwangaza'; --"})
    with context.in_school(schools["baraka"]):
        look.apply_async(kwargs={"label": "next"})
    assert after(1) == expected(schools, ("next", "baraka"))


def test_a_task_of_a_suspended_school_is_refused_and_its_job_waits(worker: None, schools: dict[str, School]) -> None:
    lifecycle.suspend(school_id=schools["mwangaza"].pk, reason="x", by=None, at=clock.now())
    with context.in_school(schools["mwangaza"]), transaction.atomic():
        job = jobs.later("audit.seal")
        look.apply_async(kwargs={"label": "closed"})
    with context.in_school(schools["baraka"]):
        look.apply_async(kwargs={"label": "next"})
    assert after(1) == expected(schools, ("next", "baraka"))
    with context.in_public():
        assert Job.objects.values_list("state", "error").get(pk=job) == ("waiting", "the school is suspended")


def test_a_job_of_a_worker_that_was_killed_is_done_by_another_in_its_own_school(schools: dict[str, School]) -> None:
    redis.Redis.from_url(settings.BROKER_URL).flushdb()
    mwangaza = schools["mwangaza"]
    for school in schools.values():
        with context.in_school(school), transaction.atomic():
            audit.record("tests.happened", by=None, at=clock.now())
    with context.in_school(mwangaza), transaction.atomic():
        job = jobs.later("audit.seal")
    with transaction.atomic():
        with context.in_school(mwangaza), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_entry IN ACCESS EXCLUSIVE MODE")  # the worker's task stands still at it
        first = begin_worker()
        try:
            wait_for(lambda: _elsewhere("SELECT state FROM core_job WHERE id = %s", job) == "running")
        finally:
            first.send_signal(signal.SIGKILL)
            first.wait()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                       " AND pid <> pg_backend_pid() AND state = 'active'")  # fmt: skip
        cursor.execute("UPDATE core_job SET lease_until = now() - interval '1 second',"
                       " published_at = now() - interval '1 hour' WHERE id = %s", [job])  # fmt: skip
        assert jobs.relay() == 1
    second = begin_worker()
    try:
        wait_for(lambda: _elsewhere("SELECT state FROM core_job WHERE id = %s", job) == "done")
    finally:
        second.terminate()
        second.wait()
    sealed: Callable[[], int] = lambda: Entry.objects.filter(action="tests.happened").exclude(seal_number=None).count()  # noqa: E731
    with context.in_school(mwangaza):
        assert sealed() == 1
    with context.in_school(schools["baraka"]):
        assert sealed() == 0


def begin_worker() -> subprocess.Popen[bytes]:
    address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{settings.DATABASES['default']['NAME']}"
    around = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    arguments = ["-P", "solo", "-Q", "interactive,default,bulk", "--without-gossip", "--without-mingle"]
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "workers.app", "worker", *arguments],
        env=around, cwd=settings.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def _elsewhere(sql: str, *parameters: Any) -> Any:
    """One value, read outside this test's own transaction."""
    import psycopg

    address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{settings.DATABASES['default']['NAME']}"
    with psycopg.connect(address, options="-c search_path=public") as server:
        row = server.execute(sql, parameters).fetchone()
    return row[0] if row else None
