"""What the exporter counts: schools by state, queues and the outbox, as they stand in the database."""

import pathlib
import tomllib
from collections.abc import Iterable
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from config import figures
from core import clock, jobs
from monitoring import metrics
from tenants import context
from tenants.models import Copy, School, State

ROOT = pathlib.Path(__file__).parents[3]


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


def shown(readings: Iterable[metrics.Reading]) -> dict[tuple[str, ...], float]:
    return {(reading.gauge.name, *reading.labels): reading.value for reading in readings}


def test_every_state_is_shown_those_without_a_school_as_0(mwangaza: School, baraka: School) -> None:
    with context.in_public():
        School.objects.filter(pk=baraka.pk).update(state=State.SUSPENDED)

    assert shown(figures.schools()) == {
        ("shule_schools", "requested"): 0,
        ("shule_schools", "provisioning"): 0,
        ("shule_schools", "live"): 1,
        ("shule_schools", "read_only"): 0,
        ("shule_schools", "suspended"): 1,
        ("shule_schools", "failed"): 0,
        ("shule_schools", "archived"): 0,
        ("shule_schools", "erasing"): 0,
    }


def test_schools_are_shown_by_where_their_tables_stand(mwangaza: School, baraka: School) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {baraka.schema}.django_migrations WHERE app = 'audit' AND name LIKE '0002%'")
    figures._fleet_in_minute.cache_clear()

    assert shown(figures.fleet()) == {
        ("shule_fleet_schools", "at_head"): 1,
        ("shule_fleet_schools", "behind"): 1,
        ("shule_fleet_schools", "failed"): 0,
        ("shule_fleet_schools", "ahead"): 0,
    }
    figures._fleet_in_minute.cache_clear()


def test_a_job_that_the_broker_has_waits_in_its_queue(school: School, broker: redis.Redis) -> None:
    with context.in_school(school), transaction.atomic():
        jobs.later("audit.seal")
        jobs.later("audit.seal", delay=600)  # not due: nobody waits for it
    _aged(seconds=90)

    assert shown(figures.outbox()) == {("shule_outbox_pending",): 0, ("shule_outbox_oldest_age_seconds",): 0}
    queues = shown(figures.waiting())
    assert queues["shule_queue_length", "default"] == 1
    assert queues["shule_queue_oldest_age_seconds", "default"] == pytest.approx(90, abs=2)
    assert queues["shule_queue_length", "interactive"] == 0
    assert queues["shule_queue_oldest_age_seconds", "bulk"] == 0


def test_a_job_that_no_broker_was_given_waits_in_the_outbox(school: School, broker: redis.Redis) -> None:
    with context.in_school(school), transaction.atomic():
        jobs.later("audit.seal")
    _aged(seconds=90, published=False)

    figures_now = shown(figures.outbox())
    assert figures_now["shule_outbox_pending",] == 1
    assert figures_now["shule_outbox_oldest_age_seconds",] == pytest.approx(90, abs=2)


def test_a_broker_that_is_away_costs_no_figure(school: School) -> None:
    with override_settings(BROKER_URL="redis://127.0.0.1:1/0"):
        assert shown(figures.waiting())["shule_queue_length", "bulk"] == 0
        assert shown(figures.outbox())["shule_outbox_pending",] == 0


def test_the_version_that_is_shown_is_the_packages() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == settings.VERSION


def _aged(*, seconds: int, published: bool = True) -> None:
    """As if the due job had been asked for that long ago."""
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE public.core_job SET run_after = now() - make_interval(secs => %s),
                      published_at = CASE WHEN %s THEN published_at END WHERE run_after <= now()""",
            [seconds, published],
        )


def test_a_backup_that_never_was_is_as_old_as_the_school(school: School) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_school SET live_at = now() - interval '3 days' WHERE slug = 'baraka'")
        cursor.execute("UPDATE tenants_school SET live_at = now() - interval '1 day' WHERE slug = 'mwangaza'")
        Copy.objects.create(
            kind="archive", state="done", school_id=School.objects.get(slug="baraka").pk,
            finished_at=clock.now() - timedelta(hours=2),
        )  # fmt: skip

    ages = {key: round(value / 3600) for key, value in shown(figures.backups()).items()}
    assert ages == {
        ("shule_backup_age_seconds", "cluster"): 72,
        ("shule_backup_age_seconds", "school"): 24,
        ("shule_restore_drill_age_seconds",): 72,
    }
