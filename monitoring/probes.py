"""Asking several parts of the platform something at once, each within its own time, whatever happens to the others."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ABANDONED_AFTER = 30.0  # seconds after which an unanswered question is put again, in a new thread

_after: list[Callable[[], None]] = []


@dataclass(frozen=True)
class Outcome:
    """What a probe answered, or why it did not."""

    name: str
    value: object
    error: BaseException | None
    seconds: float


class TooSlowError(Exception):
    """A probe did not answer within its time."""

    def __init__(self, timeout: float) -> None:
        super().__init__(f"no answer within {timeout:g} s")


class _Run:
    """One question under way; several askers may wait for it."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.call = call
        self.started = time.monotonic()
        self.seconds = 0.0
        self.done = threading.Event()
        self.value: object = None
        self.error: BaseException | None = None

    def __call__(self) -> None:
        try:
            self.value = self.call()
        except BaseException as error:  # whatever a part throws is its answer; nothing may escape the thread
            self.error = error
        finally:
            self.seconds = time.monotonic() - self.started
            self.done.set()
            for release in _after:
                release()


class Probe:
    """A named question with a time limit; at most one is under way, so a part that hangs does not pile up threads."""

    def __init__(self, name: str, call: Callable[[], object], timeout: float) -> None:
        self.name = name
        self.timeout = timeout
        self._call = call
        self._guard = threading.Lock()
        self._run: _Run | None = None

    def start(self) -> _Run:
        """Put the question, or join the one that is under way."""
        with self._guard:
            run = self._run
            if run is None or run.done.is_set() or time.monotonic() - run.started > ABANDONED_AFTER:
                run = self._run = _Run(self._call)
                threading.Thread(target=run, name=f"probe-{self.name}", daemon=True).start()
            return run

    def outcome(self, run: _Run) -> Outcome:
        """Wait for the answer until the probe's time is over."""
        if run.done.wait(max(run.started + self.timeout - time.monotonic(), 0.0)):
            return Outcome(self.name, run.value, run.error, run.seconds)
        return Outcome(self.name, None, TooSlowError(self.timeout), self.timeout)


def after_each(release: Callable[[], None]) -> None:
    """Have something done in a probe's thread when it ends: threads are short-lived, and connections are per thread."""
    if release not in _after:
        _after.append(release)


def ask(probes: Sequence[Probe]) -> list[Outcome]:
    """Ask all at once and give their outcomes in the same order."""
    runs = [(probe, probe.start()) for probe in probes]
    return [probe.outcome(run) for probe, run in runs]
