"""Figures counted at the moment of asking, and collectors that fail."""

import threading
import time

from prometheus_client import exposition

from monitoring import collectors, metrics, probes, serve


def scrape() -> str:
    return exposition.generate_latest(serve.registry(None)).decode()


def test_registered_figures_are_asked_for_at_every_scrape() -> None:
    schools = {"active": 2, "suspended": 0}
    collectors.register("schools", lambda: metrics.schools_by_state(schools))
    assert 'shule_schools{state="active"} 2.0' in scrape()

    schools["active"] = 3

    text = scrape()
    assert 'shule_schools{state="active"} 3.0' in text
    assert 'shule_schools{state="suspended"} 0.0' in text
    assert 'shule_collector_errors_total{collector="schools"} 0.0' in text


def test_queues_and_the_outbox_are_gauges_with_a_type_and_a_help() -> None:
    collectors.register("queues", lambda: metrics.queue_state("bulk", length=4, oldest_age=12.5))
    collectors.register("outbox", lambda: metrics.outbox_state(pending=9, oldest_age=1.5))

    text = scrape()

    assert "# TYPE shule_queue_oldest_age_seconds gauge" in text
    assert 'shule_queue_length{queue="bulk"} 4.0' in text
    assert 'shule_queue_oldest_age_seconds{queue="bulk"} 12.5' in text
    assert "shule_outbox_pending 9.0" in text
    assert "shule_outbox_oldest_age_seconds 1.5" in text


def test_a_failing_collector_is_counted_in_the_same_scrape_and_costs_only_its_own_figures() -> None:
    def away() -> list[metrics.Reading]:
        raise ConnectionError("no route to the broker")

    collectors.register("away", away)
    collectors.register("outbox", lambda: metrics.outbox_state(pending=9, oldest_age=0))

    text = scrape()

    assert 'shule_collector_errors_total{collector="away"} 1.0' in text
    assert "shule_outbox_pending 9.0" in text
    assert "shule_queue_length" not in text
    assert 'shule_collector_errors_total{collector="away"} 2.0' in scrape()


def test_a_slow_collector_is_cut_off_and_keeps_one_thread_however_often_it_is_asked() -> None:
    calls, released = [], threading.Event()

    def slow() -> list[metrics.Reading]:
        calls.append(1)
        released.wait(20)
        return []

    collectors.register("slow", slow, timeout=0.1)
    for _ in range(3):
        text = scrape()
    released.set()

    assert 'shule_collector_errors_total{collector="slow"} 3.0' in text
    assert len(calls) == 1


def test_a_collector_that_answers_nonsense_is_a_failure_of_its_own() -> None:
    collectors.register("nonsense", lambda: 7)  # type: ignore[arg-type, return-value]
    collectors.register("worse", lambda: ["seven"])  # type: ignore[list-item]
    collectors.register("outbox", lambda: metrics.outbox_state(pending=9, oldest_age=0))

    text = scrape()

    assert 'shule_collector_errors_total{collector="nonsense"} 1.0' in text
    assert 'shule_collector_errors_total{collector="worse"} 1.0' in text
    assert "shule_outbox_pending 9.0" in text


def test_what_a_thread_opened_is_released_when_its_question_is_answered() -> None:
    released = []
    probes.after_each(lambda: released.append(True))
    collectors.register("outbox", lambda: metrics.outbox_state(pending=9, oldest_age=0))

    scrape()

    deadline = time.monotonic() + 2
    while not released and time.monotonic() < deadline:
        time.sleep(0.01)
    assert released == [True]
