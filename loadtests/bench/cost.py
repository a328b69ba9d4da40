"""Application CPU per request, one worker, one connection: the figure that noise moves least."""

import http.client
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy.local import ports
from loadtests.bench import running
from loadtests.bench.figures import Figure

CONSTANT = "/health/live"  # a constant JSON answer through the same server and the first middleware
STUDENTS = "/api/v1/students/?page_size=50"
WARM_UP, ROUNDS, REQUESTS = 100, 20, 100


@dataclass
class Case:
    """One request and what it must answer; `rounds` are the microseconds that a request of each round cost."""

    path: str
    headers: Mapping[str, str]
    status: int = 200
    rounds: list[float] = field(default_factory=list)

    def times(self, other: "Case") -> float:
        """How many of another this costs: the median of the rounds, each measured beside the other's."""
        return statistics.median(mine / its for mine, its in zip(self.rounds, other.rounds, strict=True))


def figures(folder: Path, card: dict[str, Any], var: Path) -> list[Figure]:
    """The list of students, whole and unchanged, as multiples of a constant answer in the same run."""
    school = card["schools"][0]
    host = urlsplit(school["url"]).netloc
    headers = {"Host": host, "Authorization": f"Bearer {school['api']['key']}", "Accept": "application/json"}
    with running.one_web_worker(folder, card, var) as (port, pid):
        connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=10)
        tag = _ask(connection, Case(STUDENTS, headers))
        constant, whole = Case(CONSTANT, {"Host": host}), Case(STUDENTS, headers)
        unchanged = Case(STUDENTS, {**headers, "If-None-Match": tag}, 304)
        cases = [constant, whole, unchanged]
        for case in cases:
            for _ in range(WARM_UP):
                _ask(connection, case)
        for _ in range(ROUNDS):
            for case in cases:
                case.rounds.append(_cpu_per_request(connection, pid, case))
        connection.close()
    said = ", ".join(f"{statistics.median(case.rounds):.0f} µs" for case in cases)
    print(f"  CPU per request (constant, 50 students, 304): {said}")
    return [
        Figure("API list of 50 students, uncached, in constant answers", whole.times(constant), 5, "×"),
        Figure("`If-None-Match` answered 304, signed in, in constant answers", unchanged.times(constant), 3, "×"),
    ]


def _cpu_per_request(connection: http.client.HTTPConnection, pid: int, case: Case) -> float:
    """Microseconds of user and system time that the worker spends on one request."""
    before = _cpu(pid)
    for _ in range(REQUESTS):
        _ask(connection, case)
    return (_cpu(pid) - before) / REQUESTS * 1e6


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process and its threads have used: the scheduler's nanoseconds, finer than clock ticks."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _ask(connection: http.client.HTTPConnection, case: Case) -> str:
    """One request on the connection that is kept; the validator of its answer."""
    connection.request("GET", case.path, headers=dict(case.headers))
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != case.status:
        raise SystemExit(f"{case.path} answered {answer.status}, not {case.status}: {body[:300]!r}")
    return answer.headers.get("ETag", "")
