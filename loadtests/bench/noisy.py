"""make bench-noisy: what a school at fifty times its traffic does to the pages of another, on one demo."""

import http.client
import itertools
import math
import multiprocessing
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from deploy.local import ports
from loadtests.bench import running
from loadtests.bench.figures import PAGE, Figure, keep, section
from loadtests.pages import Page

NORMAL, TIMES = 1.0, 50  # requests a second of the noisy school on a normal day, and how much louder it is
QUIET_RATE = 4.0  # of the school whose pages are timed, so that a p95 has something to stand on
WINDOW, ROUNDS, THREADS = 15.0, 4, 32
PATHS = ("/", "/students/", "/attendance/", "/marks/")
SPAWN = multiprocessing.get_context("spawn")
TITLE = "A noisy neighbour"


@dataclass
class Visitor:
    """A teacher of one school with a session, who asks for pages in turn."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, username: str, password: str) -> None:
        """As a browser does."""
        _status, body = self.ask("GET", "/sign-in/")
        form = Page(body.decode()).form_with("password").fields
        status, _body = self.ask("POST", "/sign-in/", {**form, "username": username, "password": password})
        if status != 302:
            raise SystemExit(f"{username} could not sign in at {self.host}: {status}")

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
        """One request on a connection of its own."""
        headers = {"Host": self.host, "Origin": f"http://{self.host}", "Accept-Encoding": "gzip"}
        if method == "GET":
            headers.pop("Accept-Encoding")
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode(fields) if fields else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(ports.LOOPBACK, self.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _sign, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, found


def main() -> int:
    """Measure, print, and keep it in docs/performance.md; 1 when the promise is missed."""
    folder = Path(tempfile.mkdtemp(prefix="shule-bench-"))
    folder.chmod(0o711)
    try:
        with running.demo(running.ROOT, folder / "var") as (card, _seconds):
            figures = _measure(card)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table = section(TITLE, "make bench-noisy", figures)
    print(table)
    keep(PAGE, TITLE, table)
    return 0 if all(figure.kept for figure in figures) else 1


def _measure(card: dict[str, Any]) -> list[Figure]:
    noisy, quiet = (_visitor(school) for school in card["schools"])
    alone: list[float] = []
    beside: list[float] = []
    answers: Counter[int] = Counter()
    _timed(quiet, 5.0)  # the first pages of a process are slower than the rest
    for number in range(ROUNDS):
        print(f"Round {number + 1} of {ROUNDS} ...", flush=True)
        with _asking(noisy, NORMAL, Counter()):
            alone += _timed(quiet, WINDOW)
        with _asking(noisy, NORMAL * TIMES, answers):
            time.sleep(3.0)  # until it is as loud as it gets
            beside += _timed(quiet, WINDOW)
    before, after = (statistics.quantiles(times, n=20)[-1] for times in (alone, beside))
    asked = sum(answers.values())
    return [
        Figure(f"p95 of a school while another asks {NORMAL:.0f} time a second", before * 1000, None, "ms"),
        Figure(f"the same while that one asks {NORMAL * TIMES:.0f} times a second", after * 1000, None, "ms"),
        Figure("the second in times of the first", after / before, 1.5, "×"),
        Figure("the loud school's requests that were answered", answers[200] / asked * 100, None, "%"),
        Figure("and refused with 429", answers[429] / asked * 100, None, "%"),
        Figure("and failed", (asked - answers[200] - answers[429]) / asked * 100, 0, "%"),
    ]


def _visitor(school: dict[str, Any]) -> Visitor:
    place = urlsplit(school["url"])
    visitor = Visitor(place.netloc, int(place.port or 80))
    teacher = school["users"]["teacher"]
    visitor.sign_in(teacher["username"], teacher["password"])
    return visitor


def _timed(visitor: Visitor, seconds: float) -> list[float]:
    """The seconds that each page took, asked at the rate whatever the one before took."""
    found: list[float] = []
    every = 1 / QUIET_RATE
    began = due = time.monotonic()
    asking: list[threading.Thread] = []

    def one(path: str) -> None:
        started = time.monotonic()
        status, _body = visitor.ask("GET", path)
        if status != 200:
            raise SystemExit(f"{path} of the quiet school answered {status}")
        found.append(time.monotonic() - started)

    for path in itertools.cycle(PATHS):
        if due - began >= seconds:
            break
        time.sleep(max(due - time.monotonic(), 0.0))
        asking.append(threading.Thread(target=one, args=(path,)))
        asking[-1].start()
        due += every
    for thread in asking:
        thread.join()
    return found


@contextmanager
def _asking(visitor: Visitor, rate: float, answers: Counter[int]) -> Iterator[None]:
    """Ask at a rate until the block ends, from a process of its own: its threads are not to slow what is timed."""
    over, counted = SPAWN.Event(), SPAWN.SimpleQueue()
    process = SPAWN.Process(target=_ask_on, args=(visitor, rate, over, counted))
    process.start()
    try:
        yield
    finally:
        over.set()
        answers.update(counted.get())
        process.join()


def _ask_on(visitor: Visitor, rate: float, over: Any, counted: Any) -> None:
    """Ask from as many threads as it takes until it is over, and tell how many answers of each status came."""
    answers: Counter[int] = Counter()
    lock = threading.Lock()
    turns = itertools.count()
    began = time.monotonic()

    def ask() -> None:
        while not over.is_set():
            with lock:
                number = next(turns)
            time.sleep(max(began + number / rate - time.monotonic(), 0.0))
            try:
                status, _body = visitor.ask("GET", PATHS[number % len(PATHS)])
            except OSError:
                status = 0
            with lock:
                answers[status] += 1

    threads = [threading.Thread(target=ask) for _ in range(min(THREADS, math.ceil(rate)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted.put(answers)


if __name__ == "__main__":
    sys.exit(main())
