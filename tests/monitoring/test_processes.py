"""Figures of many real processes: summed while they live, kept when they die, and live gauges that die with them."""

import os
import pathlib
import signal
import time
from collections.abc import Callable

from monitoring import processes

REQUEST = "metrics.observe_request('/students/', 'GET', 200, 0.1, 3, 0.01)"
COUNTED = 'shule_http_requests_total{method="GET",route="/students/",status_class="2xx"}'
WORKERS = 'shule_processes{kind="worker"}'
STARTED = "metrics.process_started('worker', version='1.0', revision='abc')"


def test_the_counters_of_two_processes_are_summed(child: Callable, exporter: Callable) -> None:
    first, second = child(), child()
    for _ in range(3):
        first.do(REQUEST)
    for _ in range(4):
        second.do(REQUEST)

    samples = exporter().samples()

    assert samples[COUNTED] == 7
    assert samples['shule_http_request_duration_seconds_bucket{le="0.1",method="GET",route="/students/"}'] == 7
    assert samples['shule_http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/students/"}'] == 7
    assert samples['shule_http_request_db_queries_sum{route="/students/"}'] == 21


def test_a_killed_process_leaves_the_living_and_its_counts_stay(child: Callable, exporter: Callable) -> None:
    first, second = child(), child()
    for process in (first, second):
        process.do(STARTED)
        process.do(REQUEST)
    served = exporter()
    assert served.samples()[WORKERS] == 2

    first.kill()
    assert served.samples()[WORKERS] == 1
    assert served.samples()[COUNTED] == 2

    second.kill()
    after = served.samples()
    assert WORKERS not in after
    assert 'shule_build_info{revision="abc",version="1.0"}' not in after
    assert after[COUNTED] == 2


def test_a_living_process_is_never_taken_for_dead(child: Callable, exporter: Callable) -> None:
    child().do(STARTED)
    served = exporter()

    assert [served.samples()[WORKERS] for _ in range(5)] == [1] * 5


def test_a_forked_child_counts_for_itself_and_dies_for_itself(
    child: Callable, exporter: Callable, tmp_path: pathlib.Path
) -> None:
    parent, born = child(), tmp_path / "born"
    parent.do(STARTED)
    parent.do(REQUEST)
    parent.do(
        "import os, pathlib, time; os.fork() or ("
        f"{STARTED}, {REQUEST}, pathlib.Path({str(born)!r}).write_text(str(os.getpid())), time.sleep(60), os._exit(0))"
    )
    deadline = time.monotonic() + 10
    while not (born.exists() and born.read_text()):
        assert time.monotonic() < deadline, "the child was not born"
        time.sleep(0.02)
    served = exporter()
    assert (served.samples()[WORKERS], served.samples()[COUNTED]) == (2, 2)

    os.kill(int(born.read_text()), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while served.samples()[WORKERS] != 1:
        assert time.monotonic() < deadline, "the dead child is still counted"
    parent.do(REQUEST)
    assert (served.samples()[WORKERS], served.samples()[COUNTED]) == (1, 3)


def test_generations_of_workers_do_not_fill_the_directory(
    child: Callable, exporter: Callable, directory: pathlib.Path
) -> None:
    served = exporter()
    files = []
    for generation in range(1, 4):
        worker = child()
        worker.do(STARTED)
        worker.do(REQUEST)
        worker.kill()
        samples = served.samples()
        assert samples[COUNTED] == generation
        bucket = 'shule_http_request_duration_seconds_bucket{le="0.2",method="GET",route="/students/"}'
        assert samples[bucket] == generation
        files.append(len(list(directory.iterdir())))

    assert files == [files[0]] * 3


def test_the_directory_is_emptied_before_a_deployment_starts(child: Callable, directory: pathlib.Path) -> None:
    worker = child()
    worker.do(REQUEST)
    worker.kill()
    (directory / "note.txt").write_text("not ours")
    assert len(list(directory.glob("*.db"))) > 0

    processes.prepare(directory)

    assert [file.name for file in directory.iterdir()] == ["note.txt"]


def test_a_file_that_is_not_filled_yet_does_not_break_the_scrape(exporter: Callable, directory: pathlib.Path) -> None:
    served = exporter()
    (directory / "counter_somewhere-1.db").touch()

    assert served.samples()['shule_cache_hits_total{cache="default"}'] == 0


def test_a_stopped_process_is_alive(child: Callable, directory: pathlib.Path) -> None:
    worker = child()
    os.kill(worker.process.pid, signal.SIGSTOP)
    time.sleep(0.05)
    try:
        assert processes.reap(directory) == []
    finally:
        os.kill(worker.process.pid, signal.SIGCONT)
