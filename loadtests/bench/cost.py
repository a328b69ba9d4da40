"""Application CPU per request, one worker, one connection: the figure that noise moves least."""

import http.client
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy.local import ports
from loadtests.bench import running
from loadtests.bench.figures import Figure

CONSTANT = "/health/live"  # a constant JSON answer through the same server and the first middleware
STUDENTS = "/api/v1/students/?page_size=50"
WARM_UP, ROUNDS, REQUESTS = 100, 5, 400


def figures(folder: Path, card: dict[str, Any], var: Path) -> list[Figure]:
    """The list of students, whole and unchanged, as multiples of a constant answer in the same run."""
    school = card["schools"][0]
    host = urlsplit(school["url"]).netloc
    headers = {"Host": host, "Authorization": f"Bearer {school['api']['key']}", "Accept": "application/json"}
    with running.one_web_worker(folder, card, var) as (port, pid):
        connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=10)
        tag = _ask(connection, STUDENTS, headers, 200)
        held = {**headers, "If-None-Match": tag}
        asked: list[tuple[str, Mapping[str, str], int]] = [
            (CONSTANT, {"Host": host}, 200),
            (STUDENTS, headers, 200),
            (STUDENTS, held, 304),
        ]
        for path, sent, status in asked:
            for _ in range(WARM_UP):
                _ask(connection, path, sent, status)
        spent: list[list[float]] = [[], [], []]
        for _ in range(ROUNDS):
            for measured, (path, sent, status) in zip(spent, asked, strict=True):
                measured.append(_cpu_per_request(connection, pid, path, sent, status))
        connection.close()
    constant, whole, unchanged = map(statistics.median, spent)
    print(f"  CPU per request: constant {constant:.0f} µs, 50 students {whole:.0f} µs, 304 {unchanged:.0f} µs")
    return [
        Figure("API list of 50 students, uncached, in constant answers", whole / constant, 5, "×"),
        Figure("`If-None-Match` answered 304, signed in, in constant answers", unchanged / constant, 3, "×"),
    ]


def _cpu_per_request(
    connection: http.client.HTTPConnection, pid: int, path: str, headers: Mapping[str, str], status: int
) -> float:
    """Microseconds of user and system time that the worker spends on one request."""
    before = _cpu(pid)
    for _ in range(REQUESTS):
        _ask(connection, path, headers, status)
    return (_cpu(pid) - before) / REQUESTS * 1e6


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process and its threads have used: the scheduler's nanoseconds, finer than clock ticks."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _ask(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str], status: int) -> str:
    """One request on the connection that is kept; the validator of its answer."""
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != status:
        raise SystemExit(f"{path} answered {answer.status}, not {status}: {body[:300]!r}")
    return answer.headers.get("ETag", "")
