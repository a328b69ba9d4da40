"""Keeps the processes of one machine running: all of them, or none."""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from deploy.local import process
from deploy.local.failure import StartError

LONGEST_PAUSE = 30.0  # seconds before a process that keeps dying is started again
STEADY = 60.0  # seconds a process must live for its earlier deaths to be forgotten
STOPPED_WITHIN = 9.0  # seconds for everything to end by itself


class StoppedError(Exception):
    """Someone pressed Ctrl-C, or asked in the words of an init system."""


@dataclass
class Service:
    """A process to keep alive, and how one sees that it does its work."""

    process: process.Process
    ready: Callable[[], bool]
    within: float = 180.0  # seconds to become ready: a laptop may be busy with other things
    deaths: int = 0
    started_at: float = 0.0
    restart_at: float | None = None

    def start(self) -> None:
        """Run the process anew."""
        self.process.start()
        self.started_at = time.monotonic()
        self.restart_at = None


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


class Supervisor:
    """Starts batches of services one after the other and stops them in the opposite order."""

    def __init__(
        self,
        *,
        say: Callable[[str], None] = say,
        stopped_within: float = STOPPED_WITHIN,
        asked_elsewhere: Callable[[], bool] = lambda: False,
    ) -> None:
        self.say = say
        self.stopped_within = stopped_within
        self._asked_elsewhere = asked_elsewhere
        self._signalled = False
        self._batches: list[list[Service]] = []
        self._commands: list[process.Process] = []

    @property
    def stopping(self) -> bool:
        """Whether someone asked to stop."""
        return self._signalled or self._asked_elsewhere()

    def listen(self) -> None:
        """Take SIGINT, SIGTERM and SIGHUP as the wish to stop; a second one changes nothing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def start(self, *services: Service) -> None:
        """Start these side by side; `until_ready` waits for them."""
        self._refuse_when_stopping()
        self._batches.append(list(services))
        for service in services:
            service.start()

    def until_ready(self) -> None:
        """Wait until everything that was started does its work; one that fails is told in one line."""
        for batch in self._batches:
            for service in batch:
                self._wait_until_ready(service)

    def keep(self, child: process.Process) -> None:
        """Look after a process that has been started and is ready already."""
        self._batches.append([Service(child, ready=child.alive, started_at=time.monotonic())])

    def run(self, *commands: process.Process) -> None:
        """Start commands that others wait for, and wait for their end; what `begin` started goes on beside them."""
        beside, self._commands = self._commands, []
        try:
            self.begin(*commands)
            self.finish()
        except BaseException:
            process.stop_all(beside, patience=3)
            raise
        self._commands = beside

    def begin(self, *commands: process.Process) -> None:
        """Start commands that run to their end by themselves; `finish` waits for them."""
        self._refuse_when_stopping()
        self._commands.extend(commands)
        for command in commands:
            command.start()

    def finish(self) -> None:
        """Wait for the commands, showing what they say; a failure ends the others and is told in one line."""
        shown = dict.fromkeys(self._commands, 0)
        try:
            running = list(self._commands)
            while running:
                running = [command for command in running if command.alive()]
                for command in self._commands:
                    shown[command] = self._show(command, after=shown[command])
                for command in self._commands:
                    if command.exit_code():
                        raise StartError(f"{command.name} failed ({command.last_words()}): see {command.log}")
                self._refuse_when_stopping()
                time.sleep(0.05)
        finally:
            process.stop_all(self._commands, patience=3)
            self._commands.clear()

    def watch(self) -> None:
        """Keep everything running until someone asks to stop."""
        while not self.stopping:
            for batch in self._batches:
                for service in batch:
                    self._tend(service)
            time.sleep(0.1)

    def stop(self) -> None:
        """End the batches in the opposite order, each in the better half of the time left; nothing is left running."""
        deadline = time.monotonic() + self.stopped_within
        process.stop_all(self._commands, patience=0.3 * self.stopped_within)
        self._commands.clear()
        while self._batches:
            patience = 0.6 * (deadline - time.monotonic())
            process.stop_all([service.process for service in self._batches.pop()], patience=patience)

    def _show(self, child: process.Process, *, after: int) -> int:
        """Say the complete lines that a command has written since the last look, and how far that was."""
        text = child.said().partition("Traceback (most recent call last):")[0]  # that is for the log
        complete = text[: text.rfind("\n") + 1] if child.alive() else text
        for line in complete[after:].splitlines():
            if not line.startswith("{"):  # an entry of the application's log
                self.say(f"  {line}")
        return max(after, len(complete))

    def _wait_until_ready(self, service: Service) -> None:
        child = service.process

        def settled() -> bool:
            return self.stopping or not child.alive() or service.ready()

        # Asking is work for who is asked: not oftener than needed.
        in_time = process.wait_for(settled, service.within, pause=0.2)
        self._refuse_when_stopping()
        if not child.alive():
            raise StartError(f"{child.name} ended at its start ({child.last_words()}): see {child.log}")
        if not in_time:
            raise StartError(f"{child.name} was not ready after {service.within:.0f} s: see {child.log}")

    def _tend(self, service: Service) -> None:
        """Start a dead process again, later each time it dies."""
        child, now = service.process, time.monotonic()
        if service.restart_at is not None:
            if now >= service.restart_at:
                service.start()
            return
        if child.alive():
            return
        if now - service.started_at > STEADY:
            service.deaths = 0
        pause = min(LONGEST_PAUSE, 0.5 * 2**service.deaths)
        service.deaths += 1
        service.restart_at = now + pause
        child.kill_group()
        self.say(f"{child.name} ended ({_ending(child.exit_code())}), starts again in {pause:g} s: see {child.log}")

    def _refuse_when_stopping(self) -> None:
        if self.stopping:
            raise StoppedError

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self._signalled:
            os.write(sys.stdout.fileno(), b"\nStopping ...\n")
        self._signalled = True


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
