"""What the exporter counts: schools by state, queues and the outbox, as they stand in the database."""

import pathlib
import tomllib
from collections.abc import Iterable

import pytest
from django.conf import settings
from django.db import connection

from config import figures
from core import jobs
from monitoring import metrics
from tenants import context
from tenants.models import School, State

ROOT = pathlib.Path(__file__).parents[3]


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
    }


def test_a_job_moves_from_the_outbox_to_its_queue_and_out_of_it(mwangaza: School) -> None:
    with context.in_school(mwangaza):
        job = jobs.later("audit.seal")
        jobs.later("audit.seal", delay=600)  # not due, so nobody waits for it
    assert shown(figures.outbox())["shule_outbox_pending",] == 1
    assert shown(figures.waiting())["shule_queue_length", "default"] == 0

    _published(job, seconds_ago=90)

    assert shown(figures.outbox()) == {("shule_outbox_pending",): 0, ("shule_outbox_oldest_age_seconds",): 0}
    queues = shown(figures.waiting())
    assert queues["shule_queue_length", "default"] == 1
    assert queues["shule_queue_oldest_age_seconds", "default"] == pytest.approx(90, abs=1)
    assert queues["shule_queue_length", "interactive"] == 0
    assert queues["shule_queue_oldest_age_seconds", "bulk"] == 0

    with context.in_public():
        assert jobs.claim(str(job))
    assert shown(figures.waiting())["shule_queue_length", "default"] == 0


def test_the_version_that_is_shown_is_the_packages() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == settings.VERSION


def _published(job: object, *, seconds_ago: int) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.core_job SET published_at = now() - make_interval(secs => %s) WHERE id = %s",
            [seconds_ago, job],
        )
