"""`make demo`: the whole platform on this machine with two schools in it, until Ctrl-C."""

import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from deploy.local import again, card, lock, make, ports, postgres, programs, redis, warm
from deploy.local.failure import StartError
from deploy.local.process import Process
from deploy.local.supervisor import StoppedError, Supervisor, say

METRICS_PORT = 9464
SPACE_AT_FIRST = 700 << 20  # bytes: two schools with a year of life, their photos, and the write-ahead log
SPACE_LATER = 50 << 20  # bytes


def main() -> int:
    """Start everything, tell where it is and keep it running; 0 when it was asked to stop."""
    began = time.monotonic()
    var = Path(os.environ.get("VAR") or "var").resolve()
    supervisor = Supervisor(asked_elsewhere=make.watch())
    try:
        port = _port(os.environ.get("PORT") or "8000")
        with lock.hold(var):
            supervisor.listen()
            try:
                written = _start(supervisor, var=var, port=port)
                say(f"\nReady in {time.monotonic() - began:.1f} s; Ctrl-C stops everything.\n")
                say(f"{card.as_text(written)}\n")
                supervisor.watch()
            finally:
                card.remove(var)
                supervisor.stop()
    except StoppedError:
        return 0
    except (StartError, OSError) as reason:
        print(f"make demo: {reason}", file=sys.stderr)
        return 1
    return 0


def _start(supervisor: Supervisor, *, var: Path, port: int) -> card.Card:
    card.remove(var)
    ports.require(port)
    postgres.require_space(var, SPACE_LATER if (var / "postgres" / "data").exists() else SPACE_AT_FIRST)
    say("Starting PostgreSQL and Redis …")
    environment = _environment(var, port=port)
    simulated = "" if _given("SMS_URL") else f"http://{ports.LOOPBACK}:{ports.any_free()}"
    if simulated:
        environment["SMS_URL"] = simulated
    environment |= _database(supervisor, var) | _redis(supervisor, var)
    issued = card.place_for_issued(var)
    cold = programs.Programs(var, environment, Process)
    static = again.Step("static", var=var, sources=again.STATIC_FILES)
    tables = again.Step("tables", var=var, sources=again.MIGRATIONS, target=environment["DATABASE_URL"])
    collect = [] if static.is_done() else [cold.collect_static()]
    nothing_changed = tables.is_done() and not collect
    say("Loading the demo schools …")
    supervisor.begin(cold.prepare(issued))
    supervisor.run(*collect)  # the application looks at the static files once, when it is loaded
    ours = _warm(cold)
    if not nothing_changed:
        supervisor.finish()
        static.note()
        tables.note()
    say("Starting web, workers, beat and metrics …")
    metrics_port = ports.prefer(METRICS_PORT)
    supervisor.start(*ours.services(port=port, metrics_port=metrics_port))
    if simulated:
        supervisor.start(ours.sms_simulator(int(simulated.rpartition(":")[2])))
    supervisor.finish()
    supervisor.until_ready()
    if simulated:
        public = f"http://{environment['PLATFORM_DOMAIN']}:{port}"
        supervisor.run(ours.connect_sms(simulator=simulated, public=public))
    return card.write(
        var, issued=issued, environment=environment, port=port, metrics_port=metrics_port, sms_simulator=simulated
    )


def _warm(cold: programs.Programs) -> programs.Programs:
    """The same programs, begun as copies of this process where that is possible: they share its loading."""
    if not warm.is_possible():
        return cold
    warm.load(cold.environment)
    return replace(cold, kind=warm.Copy)


def _environment(var: Path, *, port: int) -> dict[str, str]:
    """What every process of the demo is told."""
    metrics = var / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    return {
        "PLATFORM_DOMAIN": "shule.localhost",
        "STORAGE_URL": (var / "media").as_uri(),
        "SECRET_KEY": _kept(var / "secret-key", make=lambda: secrets.token_urlsafe(48)),
        **os.environ,
        "ENVIRONMENT": "demo",
        "VAR": str(var),
        "PORT": str(port),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        # pg_dump must not be older than the server, so the wheel's comes first.
        "PATH": f"{postgres.bin_dir()}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _database(supervisor: Supervisor, var: Path) -> dict[str, str]:
    """Where the database is: as the environment says, else one of our own."""
    if given := _given("DATABASE_URL"):
        return {"DATABASE_URL": given}
    backups = var / "backups"
    archive = backups / "wal" if _given("DEMO_BACKUPS") else None  # the log of every minute: only when it is wanted
    server = postgres.start(var / "postgres", log=var / "log" / "postgres.log", archive=archive)
    supervisor.keep(server.process)
    return {"DATABASE_URL": server.url, "BACKUPS_URL": _given("BACKUPS_URL") or backups.as_uri()}


def _redis(supervisor: Supervisor, var: Path) -> dict[str, str]:
    """Where cache and broker are: as the environment says, else one server of our own for both."""
    if given := _given("REDIS_URL"):
        return {"REDIS_URL": given, "BROKER_URL": _given("BROKER_URL") or given}
    server = redis.start(var / "redis", log=var / "log" / "redis.log")
    supervisor.keep(server.process)
    return {"REDIS_URL": server.url, "BROKER_URL": _given("BROKER_URL") or server.broker_url}


def _given(name: str) -> str | None:
    """A variable of the environment, itself or in the file that NAME_FILE names."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name) or None


def _kept(path: Path, *, make: Callable[[], str]) -> str:
    """A secret that outlives the demo, so that a second start keeps people signed in."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()


def _port(given: str) -> int:
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise StartError(f"PORT={given} is no port number.")
    return int(given)


if __name__ == "__main__":
    sys.exit(main())
