"""Whose job runs next: few running first, who waits gains, and nobody waits while a slot is idle."""

from collections.abc import Callable

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from core import jobs, turns
from core.turns import Held
from tenants import context
from tenants.models import School

QUEUE = "bulk"
TASK = "tenants.push_usage"
Ask = Callable[..., None]


@pytest.fixture
def schools(own_database: str) -> dict[str, School]:
    redis.Redis.from_url(settings.BROKER_URL).flushdb()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_job")
        return {school.slug: school for school in School.objects.all()}


@pytest.fixture
def ask(schools: dict[str, School]) -> Ask:
    """`ask("mwangaza", 3, age=60)`: three jobs of a school, due since a minute; `ask("", 1)`: one of the platform."""

    def do(slug: str, number: int, *, age: float = 0) -> None:
        where = context.in_school(schools[slug]) if slug else context.in_public()
        with where, transaction.atomic():
            made = [jobs.later(TASK) for _ in range(number)]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE public.core_job SET run_after = run_after - make_interval(secs => %s) WHERE id = ANY(%s)",
                [age, made],
            )

    return do


def pick() -> Held | None:
    return turns.pick(QUEUE)


def picked(schools: dict[str, School], number: int) -> list[str]:
    """The slugs of the next jobs; a dash where a turn finds nothing that may run."""
    names = {str(school.pk): slug for slug, school in schools.items()}
    found = [pick() for _ in range(number)]
    return [names.get(held.school_id, "platform") if held else "-" for held in found]


def test_no_slot_is_idle_while_a_job_is_due(schools: dict[str, School], ask: Ask) -> None:
    ask("mwangaza", 2_000)
    assert picked(schools, 8) == ["mwangaza"] * 8
    ask("baraka", 2)
    assert picked(schools, 3) == ["baraka", "baraka", "mwangaza"]


def test_who_has_fewest_running_is_next_whatever_the_others_queue(schools: dict[str, School], ask: Ask) -> None:
    ask("mwangaza", 100, age=20)
    ask("baraka", 100)
    ask("", 1)
    assert sorted(picked(schools, 3)) == ["baraka", "mwangaza", "platform"]


def test_beyond_its_cap_a_school_goes_on_only_while_nobody_below_theirs_waits(
    schools: dict[str, School], ask: Ask
) -> None:
    ask("mwangaza", 100, age=3600)
    assert picked(schools, 4) == ["mwangaza"] * 4
    ask("baraka", 3)
    assert picked(schools, 4) == ["baraka", "baraka", "baraka", "mwangaza"]


def test_a_cap_travels_with_the_job(schools: dict[str, School], ask: Ask) -> None:
    with context.in_public():
        School.objects.filter(slug="mwangaza").update(limits={"job_slots": 4})
        schools["mwangaza"].refresh_from_db()
    ask("mwangaza", 100)
    assert picked(schools, 3) == ["mwangaza"] * 3
    ask("baraka", 100)
    assert picked(schools, 4) == ["baraka", "baraka", "mwangaza", "baraka"], "its fourth is below its cap"


def test_who_has_waited_long_goes_before_who_has_fewer_running(schools: dict[str, School], ask: Ask) -> None:
    ask("mwangaza", 2)
    assert picked(schools, 1) == ["mwangaza"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.core_lane SET served_at = served_at - interval '5 minutes'")
        cursor.execute(
            "UPDATE public.core_job SET run_after = run_after - interval '5 minutes' WHERE state = 'waiting'"
        )
    ask("baraka", 1)
    assert picked(schools, 2) == ["mwangaza", "baraka"]


def test_schools_with_nothing_running_take_turns(schools: dict[str, School], ask: Ask) -> None:
    ask("mwangaza", 50, age=20)
    ask("baraka", 50, age=10)
    order: list[str] = []
    for _ in range(6):
        held = pick()
        assert held
        order.append(next(slug for slug, school in schools.items() if str(school.pk) == held.school_id))
        jobs.finish(held)
    assert order == ["mwangaza", "baraka"] * 3


def test_what_a_dead_worker_ran_counts_until_its_lease_ends(schools: dict[str, School], ask: Ask) -> None:
    ask("mwangaza", 10)
    assert picked(schools, 2) == ["mwangaza"] * 2
    ask("baraka", 5)
    assert picked(schools, 2) == ["baraka"] * 2
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.core_job SET lease_until = now() - interval '1 second' WHERE school_id = %s",
                       [schools["mwangaza"].pk])  # fmt: skip
    assert picked(schools, 2) == ["mwangaza"] * 2


def test_a_job_that_is_not_due_waits(schools: dict[str, School]) -> None:
    with context.in_school(schools["mwangaza"]), transaction.atomic():
        jobs.later(TASK, delay=600)
    assert pick() is None


def test_a_turn_runs_the_job_in_its_school_and_leaves_another_turn_behind(schools: dict[str, School], ask: Ask) -> None:
    broker = redis.Redis.from_url(settings.BROKER_URL)
    ask("mwangaza", 2)
    assert broker.llen(QUEUE) == 1
    broker.flushdb()
    current_app.tasks[turns.NAME].apply(kwargs={"queue": QUEUE}, throw=True)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM core_job GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [("done", 1), ("waiting", 1)]
        cursor.execute("SELECT count(*) FROM tenants_usage WHERE school_id = %s", [schools["mwangaza"].pk])
        assert cursor.fetchone() == (1,)
    assert broker.llen(QUEUE) == 1, "for the one that waits"


def test_a_turn_that_finds_nothing_ends_quietly_and_calls_nobody(schools: dict[str, School], ask: Ask) -> None:
    broker = redis.Redis.from_url(settings.BROKER_URL)
    ask("mwangaza", 2)
    assert pick()
    broker.flushdb()
    current_app.tasks[turns.NAME].apply(kwargs={"queue": QUEUE}, throw=True)
    assert broker.llen(QUEUE) == 0, "what waits is woken by whoever ends"


def test_a_job_of_a_task_that_nobody_knows_is_tried_by_a_worker_of_another_version(
    schools: dict[str, School], ask: Ask
) -> None:
    ask("mwangaza", 1)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_job SET name = 'of.tomorrow'")
        current_app.tasks[turns.NAME].apply(kwargs={"queue": QUEUE}, throw=True)
        cursor.execute("SELECT state, error, run_after > now() + interval '20 seconds' FROM core_job")
        assert cursor.fetchall() == [("waiting", "no task has this name", True)]
