"""What a run has measured so far, in a file: a run that was ended goes on behind the last finished step."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from loadtests.bench.figures import Figure


class Record:
    """The figures of each finished step, in the order in which the steps were first done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._steps: dict[str, list[Figure]] = {}
        if path.exists():
            found = json.loads(path.read_text())
            self._steps = {name: [Figure(**figure) for figure in figures] for name, figures in found.items()}

    def step(self, name: str, measure: Callable[[], Sequence[Figure]]) -> None:
        """Measure, unless an earlier run has."""
        if name in self._steps:
            print(f"{name}: measured by an earlier run", flush=True)
            return
        print(f"{name} ...", flush=True)
        self._steps[name] = list(measure())
        unfinished = self._path.with_suffix(".part")
        unfinished.write_text(json.dumps({n: [asdict(f) for f in figures] for n, figures in self._steps.items()}))
        unfinished.replace(self._path)

    @property
    def figures(self) -> list[Figure]:
        """All of them."""
        return [figure for figures in self._steps.values() for figure in figures]


class Progress:
    """How many of a number of things are done, how fast, and how long the rest will take; a line every five seconds."""

    def __init__(self, what: str, number: int, done: int = 0) -> None:
        self._what, self._number, self._before, self._done = what, number, done, done
        self._began = self._told = time.monotonic()

    def one_more(self) -> None:
        """Another is done."""
        self._done += 1
        now = time.monotonic()
        if now - self._told >= 5 or self._done == self._number:
            self._told = now
            rate = (self._done - self._before) / (now - self._began)
            left = (self._number - self._done) / rate
            sys.stdout.write(
                f"  {self._done:,} of {self._number:,} {self._what}, {rate:.1f} a second, {left:.0f} s left\n"
            )
            sys.stdout.flush()
