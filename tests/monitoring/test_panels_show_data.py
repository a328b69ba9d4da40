"""A real Prometheus scrapes a real exporter while processes work: every panel of every dashboard shows something."""

import json
import math
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

MONITORING = pathlib.Path(__file__).parents[2] / "monitoring"
SETUP = """
import itertools

from monitoring import collectors, metrics

turns = itertools.count()

def away():
    raise ConnectionError("away")

def setup():
    metrics.process_started("metrics", version="0.1.0", revision="abc")
    collectors.register("schools", lambda: metrics.schools_by_state({"live": 2, "suspended": 0}))
    collectors.register("fleet", lambda: metrics.fleet_by_state({"at_head": 2, "behind": 0, "failed": 0, "ahead": 0}))
    collectors.register("queues", lambda: metrics.queue_state("bulk", length=next(turns), oldest_age=4.0))
    collectors.register("outbox", lambda: metrics.outbox_state(pending=3, oldest_age=2.0))
    collectors.register("away", away)
"""
WORK = (
    "[(metrics.observe_request(route, 'GET', status, 0.05, 3, 0.01)) for route in ('/students/', '/classes/')"
    " for status in (200, 200, 500)]",
    "(metrics.cache_hit(), metrics.cache_hit(), metrics.cache_miss(), metrics.signed_in('succeeded'))",
    "(metrics.job_started('bulk', 0.2), metrics.job_finished('people.make_photo_variants', 'bulk', 'succeeded', 1.2))",
    "(metrics.audit_sealed(5), metrics.school_provisioned(0.8))",
    "health.ready()",
)


class Prometheus:
    """Prometheus, scraping one exporter every second with our rules."""

    def __init__(self, binary: str, folder: pathlib.Path, port: int, target: str) -> None:
        config = folder / "prometheus.yml"
        rules = MONITORING / "alerts" / "*.yml"
        config.write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                    "rule_files": [str(rules)],
                    "scrape_configs": [{"job_name": "shule", "static_configs": [{"targets": [target]}]}],
                }
            )
        )
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [
                binary,
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/-/ready", timeout=5).close()
                return
            except urllib.error.URLError:
                assert self.process.poll() is None and time.monotonic() < deadline, "Prometheus did not start"
                time.sleep(0.1)

    def get(self, path: str, **parameters: str) -> Any:
        """The data of an answer of its API."""
        query = urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refusal:
            pytest.fail(f"{parameters}: {refusal.read().decode()}")


@pytest.fixture
def scraping(
    prometheus: str, exporter: Callable, child: Callable, tmp_path: pathlib.Path, directory: pathlib.Path
) -> Iterator[tuple[Prometheus, Callable[[], None]]]:
    """Prometheus over two processes, and what makes them work for a moment."""
    (tmp_path / "live_metrics_setup.py").write_text(SETUP)
    web, worker = child(), child()
    web.do("from monitoring import health")
    web.do("health.register('cache', lambda: 1 / 0, critical=False)")
    web.do("metrics.process_started('web', version='0.1.0', revision='abc')")
    worker.do("metrics.process_started('worker', version='0.1.0', revision='abc')")
    worker.do("metrics.declare_task('people.make_photo_variants', 'bulk')")
    worker.do("from monitoring import health")
    served = exporter("--setup", "live_metrics_setup:setup", path=tmp_path)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    running = Prometheus(prometheus, tmp_path, port, served.url.removeprefix("http://"))

    def work() -> None:
        for process in (web, worker):
            for line in WORK:
                process.do(line)

    try:
        running.wait()
        yield running, work
    finally:
        running.process.terminate()
        running.process.wait(timeout=20)


def without_data(running: Prometheus) -> list[str]:
    """Queries of panels that have no figure to show."""
    empty = []
    for file in sorted((MONITORING / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", []):
                expression = target["expr"].replace("$__rate_interval", "10s").replace("$route", ".*")
                result = running.get("query", query=expression)["result"]
                values = [float(series["value"][1]) for series in result]
                if all(math.isnan(value) for value in values):
                    empty.append(f"{file.name}: {panel['title']}: {expression}")
    return empty


def test_every_panel_shows_something_and_every_rule_can_be_evaluated(
    scraping: tuple[Prometheus, Callable[[], None]],
) -> None:
    running, work = scraping
    deadline = time.monotonic() + 45
    while True:
        for _ in range(10):
            work()
            time.sleep(0.2)
        empty = without_data(running)
        firing = {
            alert["labels"]["alertname"] for alert in running.get("alerts")["alerts"] if alert["state"] == "firing"
        }
        if (not empty and "ErrorBudgetBurnsFast" in firing) or time.monotonic() > deadline:
            break

    assert empty == []
    assert firing == {"Watchdog", "ErrorBudgetBurnsFast"}
    rules = [rule for group in running.get("rules")["groups"] for rule in group["rules"]]
    assert len(rules) > 15
    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
