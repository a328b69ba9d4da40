"""The platform's own processes on one machine, and how one sees that each of them works."""

import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local import ports
from deploy.local.process import Process
from deploy.local.supervisor import Service

ROOT = Path(__file__).resolve().parents[2]
WEB_WORKERS = 2
WEB_THREADS = 8  # per worker: as many as its pool has database connections
CELERY = ("celery", "-A", "workers.app")


@dataclass(frozen=True)
class Programs:
    """The processes of one demo; `kind` says whether they are started anew or as copies of a warm process."""

    var: Path
    environment: Mapping[str, str]
    kind: type[Process] = Process

    def prepare(self, issued: Path) -> Process:
        """Bring the tables and the demo schools up to date, and issue credentials into the file `issued`."""
        return self._python("prepare", "deploy.local.prepare", issued)

    def collect_static(self) -> Process:
        """Lay out the static files under hashed names, compressed once."""
        return self._python("static", "django", "collectstatic", "--noinput", "--verbosity", "0")

    def sms_simulator(self, port: int) -> Service:
        """The SMS provider of the demo: nothing leaves the machine."""
        child = self._python("sms", "django", "sms", "simulator", "--port", str(port))
        return Service(child, ready=lambda: ports.answers(port))

    def connect_sms(self, *, simulator: str, public: str) -> Process:
        """Let the demo's schools send to the simulator."""
        return self._python("sms-connect", "django", "sms", "connect", simulator, public)

    def services(self, *, port: int, metrics_port: int) -> Sequence[Service]:
        """Web, a worker for what people wait for, one for what they do not, beat, and the metrics exporter."""
        web = self._python(
            "web",
            *("granian", "--interface", "wsgi", "config.wsgi:application"),
            *("--host", ports.LOOPBACK, "--port", str(port)),
            *("--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--no-ws"),
            *("--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "3"),
            more={"WEB_PROCESSES": str(WEB_WORKERS)},
        )
        schedule = self.var / "run" / "beat-schedule"
        beat = self._python("beat", *CELERY, "beat", "-s", schedule, "--pidfile=", "-l", "INFO")
        metrics = self._python("metrics", "monitoring.serve", "--port", str(metrics_port))
        return (
            Service(web, ready=_is_ready(f"http://{ports.LOOPBACK}:{port}/health/ready")),
            self._worker("people", "interactive,default", 2),
            self._worker("bulk", "bulk", 1),
            Service(beat, ready=beat.alive),
            Service(metrics, ready=lambda: ports.answers(metrics_port)),
        )

    def _worker(self, name: str, queues: str, processes: int) -> Service:
        child = self._python(
            f"worker-{name}",
            *(*CELERY, "worker", "-Q", queues, "-c", str(processes), "-n", f"{name}@%h"),
            *("-l", "INFO", "--without-gossip", "--without-mingle"),
            # Asked twice, a worker gives the jobs it holds back to the queue.
            stops=(signal.SIGTERM, signal.SIGQUIT),
        )
        return Service(child, ready=lambda: " ready." in child.said())

    def _python(
        self,
        name: str,
        module: str,
        *arguments: str | Path,
        stops: Sequence[signal.Signals] = (signal.SIGTERM,),
        more: Mapping[str, str] | None = None,
    ) -> Process:
        log = self.var / "log" / f"{name}.log"
        argv = (sys.executable, "-m", module, *arguments)
        return self.kind(name, argv, log=log, env={**self.environment, **(more or {})}, cwd=ROOT, stops=stops)


def _is_ready(url: str) -> Callable[[], bool]:
    """Whether the web server says 200 to this address; it listens on loopback only."""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 (an http address of our own)
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return ask
