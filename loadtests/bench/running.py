"""A demo and a web process that the bench starts for itself, apart from any other that runs here."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy.local import ports

ROOT = Path(__file__).resolve().parents[2]
SERVERS = ("DATABASE_URL", "REDIS_URL", "BROKER_URL")


@contextmanager
def demo(folder: Path, var: Path) -> Iterator[tuple[dict[str, Any], float]]:
    """`make demo` in a folder until the block ends: its card, and the seconds until that stood."""
    environment = {name: value for name, value in os.environ.items() if name not in SERVERS}
    began = time.monotonic()
    command = ["make", "--no-print-directory", "demo", f"VAR={var}", f"PORT={ports.any_free()}"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, process_group=0) as running:
        try:
            while not (var / "demo.json").exists():
                if running.poll() is not None:
                    raise SystemExit(f"the demo in {folder} did not start: see {var}/log")
                time.sleep(0.02)
            yield json.loads((var / "demo.json").read_text()), time.monotonic() - began
        finally:
            os.killpg(running.pid, signal.SIGINT)
            running.wait(30)


def environment(card: dict[str, Any], var: Path) -> dict[str, str]:
    """What a process needs to serve the schools of a running demo."""
    return {
        **os.environ,
        "ENVIRONMENT": "demo",
        "VAR": str(var),
        "PORT": str(urlsplit(card["public_url"]).port),
        "SECRET_KEY": (var / "secret-key").read_text(),
        "DATABASE_URL": card["database_url"],
        "REDIS_URL": card["redis_url"],
        "STORAGE_URL": (var / "media").as_uri(),
        "PROMETHEUS_MULTIPROC_DIR": str(var / "metrics"),
        "API_REQUESTS_PER_MINUTE": "1000000",  # the quota is not what is measured
    }


def python(folder: Path) -> str:
    """The Python of a clone, with the clone's packages."""
    return str(folder / ".venv" / "bin" / "python")


@contextmanager
def one_web_worker(folder: Path, card: dict[str, Any], var: Path) -> Iterator[tuple[int, int]]:
    """A web server of a clone with a single worker: its port, and the process whose time counts."""
    port = ports.any_free()
    command = ["granian", "--interface", "wsgi", "config.wsgi:application", "--host", ports.LOOPBACK]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "1", "--no-ws", "--no-log"]
    program = [python(folder), "-m", *command]
    with (
        (var / "log" / "bench.log").open("w") as log,
        subprocess.Popen(program, cwd=folder, env=environment(card, var), stdout=log, stderr=log) as server,
    ):
        try:
            while not ports.answers(port):
                time.sleep(0.05)
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            yield port, int(children[0])
        finally:
            server.terminate()
            server.wait(10)
