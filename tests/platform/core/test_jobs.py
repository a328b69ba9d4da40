"""A job asked for by a committed transaction runs, once; one of a rolled back transaction never does."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from kombu import pools

from core import clock, jobs, scope
from identity import accounts
from identity.models import User
from tenants import context
from tenants.models import School

RunJobs = Callable[[], list[str]]


def rows(columns: str = "name, state, attempts") -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM public.core_job" + ("" if "count(" in columns else " ORDER BY created_at")
        )
        return list(cursor.fetchall())


@pytest.fixture
def school(own_database: str) -> School:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_job")
        return School.objects.get(slug="mwangaza")


@pytest.fixture
def broker() -> redis.Redis:
    client = redis.Redis.from_url(settings.BROKER_URL)
    client.flushdb()
    return client


def seal_later(school: School) -> str:
    with context.in_school(school), transaction.atomic():
        return str(jobs.later("audit.seal"))


def test_a_committed_job_waits_in_its_lane_and_a_turn_in_its_queue(school: School, broker: redis.Redis) -> None:
    seal_later(school)
    [message] = broker.lrange("default", 0, -1)
    assert b"jobs.turn" in message and str(school.pk) not in message.decode(), "a turn is nobody's"
    assert rows("name, state, attempts, school_id") == [("audit.seal", "waiting", 0, school.pk)]
    assert rows("published_at IS NOT NULL") == [(True,)]


def test_a_job_of_a_rolled_back_transaction_does_not_exist(school: School, broker: redis.Redis) -> None:
    with pytest.raises(RuntimeError), context.in_school(school), transaction.atomic():
        jobs.later("audit.seal")
        raise RuntimeError
    assert rows() == []
    assert broker.llen("default") == 0


def test_a_job_is_kept_while_the_broker_is_away_and_published_by_the_relay(school: School, broker: redis.Redis) -> None:
    with broker_away():
        seal_later(school)
    assert rows("state, published_at") == [("waiting", None)]
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_job SET created_at = now() - interval '1 minute'")
        assert jobs.relay() == 1
    assert broker.llen("default") == 1


def test_a_process_killed_between_commit_and_publish_loses_nothing(
    school: School, broker: redis.Redis, own_database: str
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", DIES_AFTER_COMMIT],
        cwd=settings.ROOT,
        env={**os.environ, "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{own_database}"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert rows("name, state, published_at") == [("audit.seal", "waiting", None)]
    assert broker.llen("default") == 0
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_job SET created_at = now() - interval '1 minute'")
        assert jobs.relay() == 1
    assert broker.llen("default") == 1


DIES_AFTER_COMMIT = """
import os, signal, sys
sys.path.insert(1, "platform")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.db import transaction
from core import jobs
from tenants import context
from tenants.models import School
with context.in_public():
    school = School.objects.get(slug="mwangaza")
with context.in_school(school), transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    jobs.later("audit.seal")
"""


@contextmanager
def broker_away() -> Iterator[None]:
    """Point this process's publishing at a port where nothing listens."""
    before = current_app.conf.broker_url
    _publish_to("redis://127.0.0.1:1/0")
    try:
        yield
    finally:
        _publish_to(before)


def _publish_to(address: str) -> None:
    current_app.conf.broker_url = current_app.conf.broker_write_url = address
    current_app.pool.force_close_all()
    current_app._pool = None
    current_app.amqp._producer_pool = None
    pools.reset()


def test_a_message_delivered_twice_takes_effect_once(school: School, broker: redis.Redis) -> None:
    job_id = seal_later(school)
    headers = {"job_id": job_id, "school": str(school.pk)}
    for _ in range(2):
        current_app.tasks["audit.seal"].apply(headers=headers, throw=True)
    assert rows() == [("audit.seal", "done", 1)]


def test_only_one_of_many_workers_claims_a_job(school: School, broker: redis.Redis) -> None:
    job_id = seal_later(school)
    won: list[bool] = []

    def claim() -> None:
        try:
            won.append(jobs.claim(job_id) is not None)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_a_job_of_a_worker_that_died_runs_again_when_its_lease_ends(school: School, broker: redis.Redis) -> None:
    job_id = seal_later(school)
    assert jobs.claim(job_id, lease=60)
    assert not jobs.claim(job_id)
    with context.in_public(), connection.cursor() as cursor:
        broker.flushdb()
        assert jobs.relay() == 0, "it may still be working"
        cursor.execute("UPDATE core_job SET lease_until = now() - interval '1 second'")
        assert jobs.relay() == 1
    assert rows() == [("audit.seal", "waiting", 1)]
    assert jobs.claim(job_id)
    assert rows() == [("audit.seal", "running", 2)]


def test_a_worker_that_lost_its_lease_settles_nothing(school: School, broker: redis.Redis) -> None:
    job_id = seal_later(school)
    slow = jobs.claim(job_id)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_job SET lease_until = now() - interval '1 second'")
    assert slow and jobs.claim(job_id)
    jobs.finish(slow)
    jobs.fail(slow, "too late", retry_in=None)
    assert rows("state, attempts, error") == [("running", 2, "")]


def test_a_lease_is_renewed_while_its_job_runs(
    school: School, broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "RENEW_SECONDS", 0.02)
    held = jobs.claim(seal_later(school), lease=1)
    assert held
    with jobs.kept(held):
        until = time.monotonic() + 20
        while rows("lease_until > now() + interval '50 seconds'") != [(True,)]:
            assert time.monotonic() < until
            time.sleep(0.02)


def test_a_job_that_ends_each_of_its_workers_is_given_up(school: School, broker: redis.Redis) -> None:
    seal_later(school)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_job SET state = 'running', attempts = 6, lease_until = now() - interval '1 second'")
    assert jobs.relay() == 0
    assert rows("state, error") == [("failed", "its worker died")]


def test_however_many_jobs_a_transaction_asks_for_it_calls_once(school: School, broker: redis.Redis) -> None:
    with context.in_school(school), transaction.atomic():
        for _ in range(50):
            jobs.later("audit.seal")
        with pytest.raises(RuntimeError), transaction.atomic():
            jobs.later("people.make_photo_variants", photo_id="x")
            raise RuntimeError
    assert (broker.llen("default"), broker.llen("bulk")) == (1, 0)
    assert rows("count(*), count(published_at)") == [(50, 50)]


def test_a_task_of_a_school_without_its_header_is_rejected(school: School) -> None:
    result = current_app.tasks["audit.seal"].apply()
    assert (result.state, result.result.reason) == ("REJECTED", "the message names no school")


def test_a_task_of_an_unknown_school_is_rejected(school: School) -> None:
    headers = {"school": "0190b0a0-0000-7000-8000-000000000000"}
    result = current_app.tasks["audit.seal"].apply(headers=headers)
    assert (result.state, result.result.reason) == ("REJECTED", "the school does not exist")


def test_a_suspended_schools_job_waits_until_it_is_open_again(
    school: School, broker: redis.Redis, run_jobs: RunJobs
) -> None:
    job_id = seal_later(school)
    with context.in_public():
        School.objects.filter(pk=school.pk).update(state="suspended")
    headers = {"job_id": job_id, "school": str(school.pk)}
    result = current_app.tasks["audit.seal"].apply(headers=headers)
    assert (result.state, result.result.reason) == ("REJECTED", "the school is suspended")
    assert rows("state, attempts") == [("waiting", 1)]
    with context.in_public():
        School.objects.filter(pk=school.pk).update(state="live")
    assert run_jobs() == ["audit.seal"]
    assert rows("state") == [("done",)]


def test_a_refusal_of_the_domain_is_final_and_another_failure_is_tried_again(
    school: School, broker: redis.Redis
) -> None:
    with context.in_public(), transaction.atomic():
        lost = jobs.later("tenants.provision", school_id="0190b0a0-0000-7000-8000-000000000000")
    with pytest.raises(School.DoesNotExist):
        current_app.tasks["tenants.provision"].apply(
            kwargs={"school_id": "0190b0a0-0000-7000-8000-000000000000"}, headers={"job_id": str(lost)}, throw=True
        )
    assert rows("state, attempts, published_at, error LIKE 'DoesNotExist%%'") == [("waiting", 1, None, True)]


def test_an_undeclared_name_is_refused_when_it_is_asked_for(mwangaza: School) -> None:
    with context.in_school(mwangaza), pytest.raises(jobs.UnknownJob, match=r"nobody\.knows"):
        jobs.later("nobody.knows")


def test_nothing_can_be_asked_for_outside_every_scope(db: None) -> None:
    with pytest.raises(scope.NoSchool):
        jobs.later("audit.seal")


def test_an_invitation_reaches_the_user_of_its_own_school_only(
    school: School, broker: redis.Redis, run_jobs: RunJobs
) -> None:
    with context.in_school(school), transaction.atomic():
        accounts.invite(user=User.objects.get(username="rose.barasa"), by=None, at=clock.now())
    assert run_jobs() == ["identity.send_invitation"]
    [letter] = mail.outbox
    assert letter.to == ["rose.barasa@mwangaza.example"]
    assert "http://mwangaza.shule.localhost" in letter.body and "baraka" not in letter.body
