"""What the exporter learns from workers: tasks they know, and how long a job waited."""

import time

from celery import current_app

from monitoring import metrics
from workers import watched


def test_a_message_carries_the_moment_it_was_published() -> None:
    headers: dict[str, object] = {"published_at": 1.0}  # of the run before this one

    watched.stamp(headers=headers)

    assert abs(time.time() - float(str(headers["published_at"]))) < 5


def test_a_message_for_a_later_moment_is_not_waiting() -> None:
    headers: dict[str, object] = {"eta": "2026-05-04T07:00:00+00:00"}

    watched.stamp(headers=headers)

    assert "published_at" not in headers


def test_a_job_that_starts_tells_how_long_it_waited() -> None:
    task = current_app.tasks["audit.seal"]
    before = _delays()
    task.push_request(published_at=time.time() - 7)
    try:
        watched.note_start(task=task)
    finally:
        task.pop_request()

    assert 7 <= _delays() - before < 8


def test_a_worker_that_is_ready_shows_its_tasks_before_they_run() -> None:
    watched.count_worker()

    shown = {
        state: metrics.REGISTRY.get_sample_value(
            "shule_jobs_total", {"task": "platform.sweep", "queue": "bulk", "state": state}
        )
        for state in ("succeeded", "failed", "retried", "rejected")
    }
    assert None not in shown.values()
    assert metrics.REGISTRY.get_sample_value("shule_processes", {"kind": "worker"}) == 1


def _delays() -> float:
    return metrics.REGISTRY.get_sample_value("shule_job_start_delay_seconds_sum", {"queue": "default"}) or 0.0
