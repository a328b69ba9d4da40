"""One child process: its own process group, its own log, an orderly end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child(Protocol):
    """What subprocess.Popen and a copy of this process have in common."""

    @property
    def pid(self) -> int:
        """The number of the process."""

    def poll(self) -> int | None:
        """How it ended, minus the signal's number when one ended it; None while it runs."""

    def wait(self) -> int:
        """Wait for its end."""

    def send_signal(self, number: int, /) -> None:
        """Signal it, unless it has ended."""


class Process:
    """A program that runs as our child until it is told to stop, by each signal of `stops` in turn, then killed."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        uid: int | None = None,
        gid: int | None = None,
        feed: str | None = None,
        stops: Sequence[signal.Signals] = (signal.SIGTERM,),
    ) -> None:
        self.name = name
        self.argv = [str(part) for part in argv]
        self.log = log
        self.env = dict(os.environ if env is None else env)
        self.cwd = cwd
        self.uid = uid
        self.gid = gid
        self.feed = feed
        self.stops = tuple(stops)
        self.log_start = 0
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the present child."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Run the program; what it says goes to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.log_start = log.tell()
            self._child = self._spawn(log)

    def _spawn(self, log: BinaryIO) -> "Child":
        child = subprocess.Popen(
            self.argv,
            stdin=subprocess.DEVNULL if self.feed is None else subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.cwd,
            env=self.env,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            process_group=0,
            preexec_fn=end_with_parent(self.stops[0]),
            text=True,
        )
        if self.feed is not None and child.stdin:
            # A child that ended before it read is seen in alive().
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(self.feed)
                child.stdin.close()
        return child

    def alive(self) -> bool:
        """Whether the child runs."""
        return self._child is not None and self._child.poll() is None

    def exit_code(self) -> int | None:
        """How the child ended, None while it runs."""
        return self._child.poll() if self._child else None

    def said(self) -> str:
        """What this child has written to its log since it was started."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def last_words(self) -> str:
        """The last line of the child's log: the reason, when it has just died."""
        lines = [line.strip() for line in self.said().splitlines() if line.strip()]
        return lines[-1][:300] if lines else "it said nothing"

    def send(self, number: signal.Signals) -> None:
        """Signal the child itself; its own children are its own to stop."""
        if self._child is not None and self.alive():
            self._child.send_signal(number)

    def kill_group(self) -> None:
        """End the child and whatever it started."""
        if self._child is None:
            return
        # Nobody may be left in the group (macOS says EPERM for a group of zombies).
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def stop(self, patience: float = 5) -> None:
        """Stop the child and its group within `patience` seconds, gently first."""
        stop_all([self], patience=patience)


def stop_all(processes: Sequence[Process], *, patience: float) -> None:
    """Stop several processes side by side: every gentle signal gets its share of `patience`, then they are killed."""
    steps = max((len(process.stops) for process in processes), default=0)
    for step in range(steps):
        for process in processes:
            if step < len(process.stops):
                process.send(process.stops[step])
        if wait_for(lambda: not any(process.alive() for process in processes), patience / steps):
            break
    for process in processes:
        process.kill_group()


def wait_for(condition: Callable[[], bool], seconds: float, *, pause: float = 0.03) -> bool:
    """Whether the condition came true within that many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """A killed supervisor leaves nothing behind: Linux signals its children (elsewhere they are left to the user)."""
    if LIBC is None:
        return None
    prctl, parent = LIBC.prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return ask
