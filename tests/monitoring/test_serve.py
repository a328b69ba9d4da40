"""The exporter as a process: what it answers, how it starts and ends."""

import os
import pathlib
import socket
import subprocess
import sys
from collections.abc import Callable

from prometheus_client.openmetrics import parser

ROOT = pathlib.Path(__file__).parents[2]
SETUP = """
from monitoring import collectors, metrics

def away():
    raise ConnectionError("the broker is away")

def setup():
    collectors.register("schools", lambda: metrics.schools_by_state({"active": 2, "suspended": 1}))
    collectors.register("queues", away)
"""


def test_the_setup_it_is_given_registers_its_figures(exporter: Callable, tmp_path: pathlib.Path) -> None:
    (tmp_path / "demo_metrics_setup.py").write_text(SETUP)

    samples = exporter("--setup", "demo_metrics_setup:setup", path=tmp_path).samples()

    assert samples['shule_schools{state="active"}'] == 2
    assert samples['shule_schools{state="suspended"}'] == 1
    assert samples['shule_collector_errors_total{collector="queues"}'] == 1
    assert samples['shule_cache_hits_total{cache="default"}'] == 0


def test_it_speaks_openmetrics_to_whoever_asks_for_it(exporter: Callable) -> None:
    status, text = exporter().get("/metrics", Accept="application/openmetrics-text; version=1.0.0")

    assert status == 200
    assert text.endswith("# EOF\n")
    families = {family.name for family in parser.text_string_to_metric_families(text)}
    assert {"shule_http_requests", "shule_school_provisioning_seconds", "shule_sign_ins"} <= families


def test_it_answers_two_paths_and_nothing_else(exporter: Callable) -> None:
    served = exporter()

    assert served.get("/health/live") == (200, '{"status": "ok"}')
    assert served.get("/metrics")[0] == 200
    assert served.get("/")[0] == 404
    assert served.get("/metrics/x")[0] == 404


def test_it_ends_when_asked(exporter: Callable) -> None:
    assert exporter().stop() == 0


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the exporter to its end."""
    clean = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    return subprocess.run(
        [sys.executable, "-m", "monitoring.serve", *arguments],
        env=clean | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_a_taken_port_is_one_clear_line(directory: pathlib.Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("--setup", "", "--port", str(port), PROMETHEUS_MULTIPROC_DIR=str(directory))

    assert ended.returncode == 1
    assert ended.stderr == f"Cannot listen on 127.0.0.1:{port}: Address already in use.\n"


def test_without_a_directory_there_is_nothing_to_serve() -> None:
    ended = run("--setup", "")

    assert ended.returncode == 2
    assert ended.stderr == "PROMETHEUS_MULTIPROC_DIR is not set: there is nothing to serve.\n"
