"""One web worker that serves every school: its first page in each, and what it and its backends grow to."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import psycopg

from deploy.local import ports
from loadtests.bench.figures import Figure
from loadtests.bench.fleet.ground import LOGS, Ground
from loadtests.bench.fleet.record import Progress
from loadtests.bench.fleet.schools import PREFIX
from loadtests.bench.running import ROOT

THREADS = 8  # of the worker, each with a connection of its pool
MEGABYTE = 2**20


@dataclass(frozen=True)
class Door:
    """A school's host and a session of its head there."""

    host: str
    session: str


def measure(ground: Ground) -> list[Figure]:
    """Each school's home page asked for once, then again at once; then all from as many threads as the worker has."""
    doors, memory = _doors(), _Memory(ground.database_url)
    first, again = [], []
    with _web_worker(ground) as (port, pid):
        _timed(port, doors[0])  # the process's own first page
        progress = Progress("schools visited", len(doors))
        for number, door in enumerate(doors):
            first.append(_timed(port, door))
            again.append(_timed(port, door))
            if number % 50 == 0:
                memory.look(pid)
            progress.one_more()
        with ThreadPoolExecutor(THREADS) as pool:
            for number, _seconds in enumerate(pool.map(lambda door: _timed(port, door), doors)):
                if number % 50 == 0:
                    memory.look(pid)
        memory.look(pid)
    return [
        Figure("home page of a school that was never visited, p50", statistics.median(first[1:]) * 1000, None, "ms"),
        Figure("the same, p95", statistics.quantiles(first[1:], n=20)[-1] * 1000, None, "ms"),
        Figure("the same page once more, p50", statistics.median(again) * 1000, None, "ms"),
        Figure("the web worker after visiting all schools, at its largest", memory.worker / MEGABYTE, 300, "MB"),
        Figure(f"its {memory.most} backends together, at their largest", memory.backends / MEGABYTE, 300, "MB"),
    ]


def _doors() -> list[Door]:
    """A session for each school's head, as a sign-in leaves it."""
    from django.conf import settings
    from django.contrib import auth

    from core import clock, scope
    from identity.middleware import SCHOOL_KEY
    from identity.models import User
    from tenants import context
    from tenants.models import School

    store = import_module(settings.SESSION_ENGINE).SessionStore
    with context.in_public():
        schools = list(School.objects.filter(slug__startswith=PREFIX).order_by("slug"))
    progress, doors = Progress("heads signed in", len(schools)), []
    for school in schools:
        with context.in_school(school):
            head = User.objects.get(username=school.head_email)
            head.last_login = clock.now()
            head.save(update_fields=["last_login"])
            session = store()
            session[auth.SESSION_KEY] = str(head.pk)
            session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[auth.HASH_SESSION_KEY] = head.get_session_auth_hash()
            session[SCHOOL_KEY] = scope.current().id
            session.save()
        doors.append(Door(f"{school.slug}.{settings.PLATFORM_DOMAIN}", str(session.session_key)))
        progress.one_more()
    return doors


def _timed(port: int, door: Door) -> float:
    from django.conf import settings

    headers = {"Host": door.host, "Cookie": f"{settings.SESSION_COOKIE_NAME}={door.session}"}
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", "/", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"the home of {door.host} answered {answer.status}: {body[:300]!r}")
    return seconds


@contextmanager
def _web_worker(ground: Ground) -> Iterator[tuple[int, int]]:
    """A web server with one worker: its port and the worker's process."""
    port = ports.any_free()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--host", ports.LOOPBACK, "--port", str(port), "--workers", "1", "--no-ws", "--no-log"]
    command += ["--blocking-threads", str(THREADS)]
    environment = os.environ | ground.environment | {"PORT": str(port)}
    with (
        (ground.home / LOGS / "web.log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            while not ports.answers(port):
                time.sleep(0.05)
            yield port, int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[0])
        finally:
            server.terminate()
            server.wait(10)


class _Memory:
    """The most that a worker and its backends were seen to hold, without what all processes share."""

    def __init__(self, database_url: str) -> None:
        from django.db import connections

        connections["default"].close()
        connections["default"].close_pool()  # only the worker's backends are left
        self._server = psycopg.connect(database_url, application_name="bench", autocommit=True)
        self.worker, self.backends, self.most = 0, 0, 0

    def look(self, worker: int) -> None:
        """Now."""
        rows = self._server.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'shule'").fetchall()
        self.worker = max(self.worker, _held([worker]))
        self.backends = max(self.backends, _held([pid for (pid,) in rows]))
        self.most = max(self.most, len(rows))


def _held(processes: Sequence[int]) -> int:
    """Bytes of their own memory; of files that several processes map, each has its share."""
    return sum(_of(pid) for pid in processes)


def _of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError):
        return 0  # a connection that was retired meanwhile
    found = {name.rstrip(":"): int(size) for name, size, _unit in (line.split() for line in lines)}
    return (found["Pss_Anon"] + found["Pss_File"]) * 1024
