"""The platform's own processes on one machine, and how one sees that each of them works."""

import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.local import ports
from deploy.local.process import Process
from deploy.local.supervisor import Service

ROOT = Path(__file__).resolve().parents[2]
WEB_WORKERS = 2
WEB_THREADS = 8  # per worker: as many as its pool has database connections


def prepare(issued: Path, *, var: Path, environment: Mapping[str, str]) -> Process:
    """Bring the tables and the demo schools up to date, and issue credentials into the file `issued`."""
    return _python("prepare", "-m", "deploy.local.prepare", issued, var=var, environment=environment)


def collect_static(*, var: Path, environment: Mapping[str, str]) -> Process:
    """Lay out the static files under hashed names, compressed once."""
    arguments = ("collectstatic", "--noinput", "--verbosity", "0")
    return _python("static", ROOT / "manage.py", *arguments, var=var, environment=environment)


def services(*, var: Path, environment: Mapping[str, str], port: int, metrics_port: int) -> Sequence[Service]:
    """Web, a worker for what people wait for, one for what they do not, beat, and the metrics exporter."""

    def program(name: str, *arguments: str | Path, stops: Sequence[signal.Signals] = (signal.SIGTERM,)) -> Process:
        return _python(name, "-m", *arguments, var=var, environment=environment, stops=stops)

    def worker(name: str, queues: str, processes: int) -> Service:
        child = program(
            f"worker-{name}",
            *("celery", "-A", "workers.app", "worker", "-Q", queues, "-c", str(processes), "-n", f"{name}@%h"),
            *("-l", "INFO", "--without-gossip", "--without-mingle"),
            # Asked twice, a worker gives the jobs it holds back to the queue.
            stops=(signal.SIGTERM, signal.SIGQUIT),
        )
        return Service(child, ready=lambda: " ready." in child.said())

    web = program(
        "web",
        *("granian", "--interface", "wsgi", "config.wsgi:application", "--host", ports.LOOPBACK, "--port", str(port)),
        *("--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--no-ws"),
        *("--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "3"),
    )
    beat = program(
        "beat",
        *("celery", "-A", "workers.app", "beat", "-s", var / "run" / "beat-schedule", "--pidfile=", "-l", "INFO"),
    )
    metrics = program("metrics", "monitoring.serve", "--port", str(metrics_port))
    return (
        Service(web, ready=_is_ready(f"http://{ports.LOOPBACK}:{port}/health/ready")),
        worker("people", "interactive,default", 2),
        worker("bulk", "bulk", 1),
        Service(beat, ready=beat.alive),
        Service(metrics, ready=lambda: ports.answers(metrics_port)),
    )


def _python(
    name: str,
    *arguments: str | Path,
    var: Path,
    environment: Mapping[str, str],
    stops: Sequence[signal.Signals] = (signal.SIGTERM,),
) -> Process:
    log = var / "log" / f"{name}.log"
    return Process(name, [sys.executable, *arguments], log=log, env=environment, cwd=ROOT, stops=stops)


def _is_ready(url: str) -> Callable[[], bool]:
    """Whether the web server says 200 to this address; it listens on loopback only."""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 (an http address of our own)
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ask
