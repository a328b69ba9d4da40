"""Processes that share a metrics directory, an exporter over it, and clean registries."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from monitoring import collectors, health, logging, probes

ROOT = pathlib.Path(__file__).parents[2]
MONITORING = ROOT / "monitoring"


@pytest.fixture(autouse=True)
def _clean_registries() -> Iterator[None]:
    """Checks, collectors and bound fields of one test are not the next one's, nor those the application registered."""
    checks, figures, after = dict(health._checks.by_name), dict(collectors._registered), list(probes._after)
    health.clear()
    collectors.clear()
    probes._after.clear()
    logging.unbind()
    yield
    health.clear()
    health._checks.by_name.update(checks)
    collectors.clear()
    collectors._registered.update(figures)
    probes._after[:] = after
    logging.unbind()


class Child:
    """A Python process that runs lines when told and lives until told otherwise."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import sys\nfor line in sys.stdin:\n exec(line); print('done', flush=True)"],
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(directory)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.do("from monitoring import metrics")

    def do(self, line: str) -> None:
        """Run one line and wait for its end."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def directory(tmp_path: pathlib.Path) -> pathlib.Path:
    """A metrics directory of this test alone."""
    path = tmp_path / "metrics"
    path.mkdir()
    return path


@pytest.fixture
def child(directory: pathlib.Path) -> Iterator[Callable[[], Child]]:
    """Starts processes that share the directory."""
    started: list[Child] = []

    def start() -> Child:
        started.append(Child(directory))
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Exporter:
    """The metrics exporter, running."""

    def __init__(self, directory: pathlib.Path, port: int, *arguments: str, path: pathlib.Path | None = None) -> None:
        self.url = f"http://127.0.0.1:{port}"
        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(directory)}
        if path:
            environment["PYTHONPATH"] = str(path)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitoring.serve", "--port", str(port), *(arguments or ("--setup", ""))],
            env=environment,
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 20
        while True:
            try:
                self.get("/health/live")
                break
            except urllib.error.URLError:
                assert self.process.poll() is None and time.monotonic() < deadline, "the exporter did not start"
                time.sleep(0.05)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body of an answer."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def samples(self) -> dict[str, float]:
        """All samples of a scrape, by name and labels as they are written."""
        status, text = self.get("/metrics")
        assert status == 200
        return {
            match[1]: float(match[2]) for match in re.finditer(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", text, re.MULTILINE)
        }

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.process.terminate()
        self.process.communicate(timeout=10)
        return self.process.returncode


@pytest.fixture
def exporter(directory: pathlib.Path, free_port: int) -> Iterator[Callable[..., Exporter]]:
    """Starts the exporter over the directory."""
    started: list[Exporter] = []

    def start(*arguments: str, path: pathlib.Path | None = None) -> Exporter:
        started.append(Exporter(directory, free_port, *arguments, path=path))
        return started[-1]

    yield start
    for running in started:
        running.process.kill()
        running.process.communicate()


def tool(name: str) -> str:
    """The path of a Debian tool; without it the test is skipped out loud."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not on the PATH (Debian package prometheus): rules and panels are NOT checked")
    return found


@pytest.fixture
def promtool() -> str:
    """Prometheus' own checker."""
    return tool("promtool")


@pytest.fixture
def prometheus() -> str:
    """Prometheus itself."""
    return tool("prometheus")
