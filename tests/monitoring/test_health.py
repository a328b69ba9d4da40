"""Alive, ready, degraded: what the health checks answer, within a second whatever hangs."""

import logging
import threading
import time

import pytest

from monitoring import health, metrics


def fine() -> None:
    """A part that works."""


def away() -> None:
    """A part that does not."""
    raise ConnectionError("connection to 10.0.0.7 refused, password=hunter2")


def test_a_live_process_asks_nobody() -> None:
    health.register("database", away, critical=True)

    assert health.live() == (200, {"status": "ok"})


def test_all_parts_working_is_ready() -> None:
    health.register("database", fine, critical=True)
    health.register("cache", fine, critical=False)

    code, answer = health.ready()

    assert code == 200
    assert answer["status"] == "ok"
    assert answer["failing"] == []
    assert {name: check["status"] for name, check in answer["checks"].items()} == {"database": "ok", "cache": "ok"}


def test_without_the_database_nothing_can_be_served() -> None:
    health.register("database", away, critical=True)
    health.register("cache", away, critical=False)

    code, answer = health.ready()

    assert code == 503
    assert answer["status"] == "unavailable"
    assert answer["failing"] == ["database", "cache"]


def test_without_redis_the_answer_is_200_degraded_and_names_the_parts() -> None:
    health.register("database", fine, critical=True)
    health.register("cache", away, critical=False)
    health.register("broker", away, critical=False)

    code, answer = health.ready()

    assert code == 200
    assert answer["status"] == "degraded"
    assert answer["failing"] == ["cache", "broker"]
    assert answer["checks"]["database"]["status"] == "ok"
    assert answer["checks"]["cache"]["status"] == "failing"


def test_why_a_part_failed_is_not_told_to_whoever_asks() -> None:
    health.register("database", away, critical=True)

    assert "10.0.0.7" not in str(health.ready())
    assert "hunter2" not in str(health.summary(version="1.0"))


def test_parts_that_hang_are_asked_at_once_and_given_up_after_their_time() -> None:
    hang = threading.Event()
    for name in ("database", "cache", "broker"):
        health.register(name, lambda: hang.wait(20), critical=name == "database", timeout=0.3)
    began = time.monotonic()

    code, answer = health.ready()

    took = time.monotonic() - began
    hang.set()
    assert 0.3 <= took < 0.85  # one after the other would be 0.9
    assert code == 503
    assert [check["status"] for check in answer["checks"].values()] == ["timeout"] * 3


def test_a_part_that_hangs_does_not_pile_up_threads() -> None:
    hang, asked = threading.Event(), []

    def hanging() -> None:
        asked.append(1)
        hang.wait(20)

    health.register("database", hanging, critical=True, timeout=0.05)
    for _ in range(20):
        assert health.ready()[0] == 503
    assert len(asked) == 1

    hang.set()
    time.sleep(0.05)
    health.register("database", fine, critical=True)
    assert health.ready()[0] == 200


def test_many_askers_share_one_question() -> None:
    asked = []

    def slow() -> None:
        asked.append(1)
        time.sleep(0.2)

    health.register("database", slow, critical=True)
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(health.ready()[0])) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 10
    assert len(asked) < 10


def test_a_process_has_started_once_its_critical_parts_worked() -> None:
    health.register("database", away, critical=True)
    assert health.startup() == (503, {"status": "starting"})

    health.register("database", fine, critical=True)
    health.register("cache", away, critical=False)
    assert health.startup() == (200, {"status": "ok"})

    health.register("database", away, critical=True)
    assert health.startup() == (200, {"status": "ok"})


def test_the_summary_adds_the_facts_it_is_given() -> None:
    health.register("database", fine, critical=True)

    code, answer = health.summary(version="0.1.0", environment="demo")

    assert code == 200
    assert (answer["version"], answer["environment"], answer["status"]) == ("0.1.0", "demo", "ok")


def test_a_failure_is_counted_each_time_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    health.register("registry of births", away, critical=False)

    def failures() -> float | None:
        return metrics.REGISTRY.get_sample_value("shule_health_check_failures_total", {"check": "registry of births"})

    assert failures() == 0
    with caplog.at_level(logging.INFO, logger="shule.health"):
        for _ in range(3):
            health.ready()
        assert failures() == 3
        assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_recovery_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    works = threading.Event()

    def check() -> None:
        if not works.is_set():
            away()

    health.register("cache", check, critical=False)
    with caplog.at_level(logging.INFO, logger="shule.health"):
        health.ready()
        works.set()
        health.ready()

    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "cache does not work",
        "cache works again",
    ]
