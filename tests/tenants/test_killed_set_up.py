"""A set-up whose process is killed at any point leaves nothing, or what another process carries to the end.

A test holds a lock that the set-up will need there. A process of its own sets up the school, waits at that lock and is
ended with SIGKILL; then another process, or the next worker, goes on.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from typing import Any

import psycopg
import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection

from audit.models import Entry
from core import clock, jobs, turns
from core.models import Due, Job
from deploy.local.process import wait_for
from identity.models import User
from tenants import context, database, provisioning, queries, resolve, template
from tenants.models import Domain, School, State, Step, Template
from tests import database as copies
from workers.queues import INTERACTIVE

UNDISTURBED, IN_THE_TEMPLATE, PATIENCE = "undisturbed", 4711, 30
Session = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database for these tests, each of which sets up a school of its own beside one that nobody disturbed."""
    name, before = f"shule_killed_{os.getpid()}", settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        copies.copy(name)
        copies.use(name)
        with context.in_public(), connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} SET client_connection_check_interval = '10ms'")
            _hold_the_template_open_at(IN_THE_TEMPLATE)
        set_up(UNDISTURBED)
        yield
        copies.use(before)
        copies.drop(name)


def _hold_the_template_open_at(lock: int) -> None:
    """Half-way through its tables, a replay now passes a lock that a test can hold."""
    stored = Template.objects.get(fingerprint=template.fingerprint())
    before, table, after = stored.sql.partition(f"CREATE TABLE {template.SCHEMA}.identity_user (")
    assert table, "the template has no accounts"
    stored.sql = f"{before}SELECT pg_catalog.pg_advisory_xact_lock({lock});\n{table}{after}"
    stored.save()


@pytest.fixture
def slug(shared: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a school that nobody has asked for yet; no job waits."""
    redis.Redis.from_url(settings.BROKER_URL).flushdb()
    with django_db_blocker.unblock():
        with context.in_public():
            Job.objects.all().delete()
            number = School.objects.count()
        yield f"kilimani-{number}"


def ask(slug: str) -> School:
    return provisioning.request(
        slug=slug, name="Kilimani School", head_name="Asha Noor", head_email="asha@kilimani.example", by=None,
        at=clock.now(),
    )  # fmt: skip


def set_up(slug: str) -> School:
    return provisioning.provision(str(ask(slug).pk), at=clock.now())


def take_a_turn(_slug: str) -> None:
    """As a worker does that was called for the queue."""
    current_app.tasks[turns.NAME](queue=INTERACTIVE)


def now(slug: str) -> School:
    with context.in_public():
        return School.objects.get(slug=slug)


def killed_at(slug: str, *gates: str, act: Callable[[str], object] = set_up) -> None:
    """Have a process set up the school; at each gate in turn it waits, and at the last one it is killed."""
    copies.leave()
    with psycopg.connect(database.conninfo(), autocommit=True) as watch:
        held = _shut(gates[0])
        process = multiprocessing.get_context("fork").Process(target=act, args=(slug,))
        process.start()
        try:
            _see_it_wait(watch, process, held)
            for gate in gates[1:]:
                following = _shut(gate)
                held.close()
                held = following
                _see_it_wait(watch, process, held)
            process.kill()
            process.join()
            own = [watch.info.backend_pid, held.info.backend_pid]
            assert wait_for(lambda: _sessions(watch, "pid <> ALL(%s)", own) == 0, PATIENCE, pause=0.005)
        finally:
            process.kill()
            held.close()


def _shut(gate: str) -> Session:
    """A session that holds what the set-up needs."""
    keeper = psycopg.connect(database.conninfo())
    keeper.execute(gate.encode())
    return keeper


def _see_it_wait(watch: Session, process: BaseProcess, held: Session) -> None:
    def settled() -> bool:
        return _sessions(watch, "%s = ANY(pg_blocking_pids(pid))", held.info.backend_pid) > 0 or not process.is_alive()

    assert wait_for(settled, PATIENCE, pause=0.005)
    assert process.is_alive(), "it passed the gate"


def _sessions(watch: Session, which: str, about: object) -> int:
    asked = f"""SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend' AND {which}"""
    return int(watch.execute(asked.encode(), [about]).fetchall()[0][0])


def is_whole(slug: str) -> None:
    """One school, live at one address, with the same rows in every table as the one that nobody disturbed."""
    school, other = now(slug), now(UNDISTURBED)
    assert (school.state, school.step, school.error) == (State.LIVE, Step.LIVE, "")
    with context.in_public():
        assert list(Domain.objects.filter(school=school).values_list("host", flat=True)) == [f"{slug}.shule.localhost"]
        done = queries.timeline(school).order_by("at", "pk").values_list("action", flat=True)
        assert list(done) == ["school.requested", "school.opened"]
        due = Due.objects.filter(school_id=school.pk).values_list("name", flat=True)
        assert sorted(due) == sorted(provisioning.PERIODIC)
        assert Job.objects.filter(school_id=school.pk, name="identity.send_invitation").count() == 1
    with context.in_school(school):
        head = User.objects.get()
        assert (head.username, head.roles) == ("asha@kilimani.example", ["head"])
        assert Entry.objects.filter(action="user.invited", object_id=str(head.pk)).count() == 1
    assert rows_of(school) == rows_of(other)


def rows_of(school: School) -> dict[str, int]:
    """How many rows each table of a school has."""
    with context.in_school(school), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def has_schema(school: School) -> bool:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [school.schema])
        return cursor.fetchone() is not None


def table(name: str, mode: str = "EXCLUSIVE") -> str:
    """Nobody writes to it, or with ACCESS EXCLUSIVE nobody reads it either."""
    return f"LOCK TABLE {name} IN {mode} MODE"


def row_of(school: School) -> str:
    return f"SELECT 1 FROM public.tenants_school WHERE id = '{school.pk}' FOR UPDATE"


def turn_of(school: School) -> str:
    return f"SELECT pg_advisory_lock({provisioning._LOCK_SPACE}, {provisioning._key(school)})"


IN_TEMPLATE = f"SELECT pg_advisory_lock({IN_THE_TEMPLATE})"


def test_killed_while_it_asks_there_is_no_school(slug: str) -> None:
    killed_at(slug, table("public.core_job"))
    with context.in_public():
        assert not School.objects.filter(slug=slug).exists()
        assert not Entry.objects.filter(object_name="Kilimani School", changes={"slug": slug}).exists()
        assert not Job.objects.exists()
    set_up(slug)
    is_whole(slug)


def test_killed_before_the_first_step_its_job_waits(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, turn_of(school))
    assert (now(slug).state, now(slug).step, has_schema(school)) == (State.REQUESTED, Step.REQUESTED, False)
    with context.in_public():
        assert [(job.name, job.state) for job in Job.objects.all()] == [("tenants.provision", "waiting")]
    set_up(slug)
    is_whole(slug)


def test_killed_among_its_tables_there_is_none_of_them(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, IN_TEMPLATE)
    assert (now(slug).state, now(slug).step, has_schema(school)) == (State.PROVISIONING, Step.REQUESTED, False)
    set_up(slug)
    is_whole(slug)
    assert copies.structure(school.schema) == copies.structure(now("mwangaza").schema)


def test_killed_before_the_note_of_its_tables_they_are_all_there_and_used(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, IN_TEMPLATE, row_of(school))
    assert (now(slug).state, now(slug).step, has_schema(school)) == (State.PROVISIONING, Step.REQUESTED, True)
    set_up(slug)
    is_whole(slug)


def test_killed_among_its_first_data_there_is_none_of_it(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, IN_TEMPLATE, row_of(school), table(f"{school.schema}.identity_user"))
    assert (now(slug).step, sum(rows_of(school).values())) == (Step.SCHEMA, rows_of(school)["django_migrations"])
    set_up(slug)
    is_whole(slug)


def test_killed_after_its_first_data_they_are_there_once(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, IN_TEMPLATE, table("public.tenants_domain", "ACCESS EXCLUSIVE"))
    assert (now(slug).step, rows_of(school)["identity_user"]) == (Step.SEED, 1)
    set_up(slug)
    is_whole(slug)


def test_killed_as_its_address_is_reserved_it_has_none(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, table("public.core_due"))
    with context.in_public():
        assert not Domain.objects.filter(school=school).exists() and not Due.objects.filter(school_id=school.pk)
    assert now(slug).step == Step.SEED
    set_up(slug)
    is_whole(slug)


def test_killed_before_its_doors_open_it_is_still_closed(slug: str) -> None:
    ask(slug)
    killed_at(slug, table("public.audit_entry"))
    assert (now(slug).state, now(slug).step) == (State.PROVISIONING, Step.DOMAIN)
    assert resolve.host(f"{slug}.shule.localhost").scope is None
    set_up(slug)
    is_whole(slug)


def test_killed_as_its_doors_open_nobody_is_invited_to_a_closed_school(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, table("public.core_job"))
    assert (now(slug).state, now(slug).step) == (State.PROVISIONING, Step.DOMAIN)
    with context.in_public():
        assert not Job.objects.filter(school_id=school.pk).exists()
    set_up(slug)
    is_whole(slug)


def test_killed_before_anybody_heard_that_it_is_open_the_next_run_says_so(slug: str) -> None:
    ask(slug)
    killed_at(slug, table("public.audit_entry"), table("public.tenants_domain", "ACCESS EXCLUSIVE"))
    is_whole(slug)
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as ears:  # type: ignore[no-untyped-call]
        ears.psubscribe(f"{resolve.CHANNEL}*")
        assert ears.get_message(timeout=5)["type"] == "psubscribe"
        set_up(slug)
        assert ears.get_message(timeout=5)["data"] == f"{slug}.shule.localhost".encode()
    is_whole(slug)


def test_what_a_killed_worker_was_setting_up_the_next_one_takes_over_with_its_lease(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, IN_TEMPLATE, act=take_a_turn)
    with context.in_public():
        job = Job.objects.get()
        assert (job.name, job.state, job.attempts) == ("tenants.provision", "running", 1)
        assert jobs.relay() == 0 and not has_schema(school), "it may still be working"
        take_a_turn(slug)
        assert now(slug).step == Step.REQUESTED
        redis.Redis.from_url(settings.BROKER_URL).flushdb()  # the message of its turn ended with the worker
        Job.objects.update(lease_until=clock.now())
        assert jobs.relay() == 1
    take_a_turn(slug)
    with context.in_public():
        job.refresh_from_db()
        assert (job.state, job.attempts) == ("done", 2)
    is_whole(slug)


def test_what_ended_every_worker_goes_on_when_its_school_is_asked_for_again(slug: str) -> None:
    school = ask(slug)
    killed_at(slug, IN_TEMPLATE, act=take_a_turn)
    with context.in_public():
        Job.objects.update(attempts=jobs.MOST_ATTEMPTS, lease_until=clock.now())
        jobs.relay()
        assert Job.objects.get().state == "failed" and provisioning.is_left(now(slug))
        assert ask(slug) == school and not provisioning.is_left(now(slug))
        ask(slug)
        assert Job.objects.filter(state="waiting").count() == 1
    take_a_turn(slug)
    is_whole(slug)
