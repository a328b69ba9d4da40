"""Processes that begin as copies of this one, which has imported the application once for all of them.

Importing it takes seconds, and a demo has six processes that need it: copies share that work and their memory. They run
the same command lines that a deployment runs. On Linux only: elsewhere a copy of a process may not live on by itself.
"""

import atexit
import contextlib
import gc
import importlib
import io
import os
import runpy
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import BinaryIO, NoReturn

import setproctitle

from deploy.local import process
from deploy.local.failure import StartError

SHARED_BY_ALL = (
    *("config.wsgi", "config.urls_school", "config.urls_public"),
    *("celery.bin.celery", "celery.apps.worker", "celery.apps.beat", "celery.worker.consumer"),
    *("celery.concurrency.prefork", "kombu.transport.redis", "granian.cli", "granian.server"),
)
setproctitle.getproctitle()  # it finds our command line only in front of an environment that nobody has changed yet


def is_possible() -> bool:
    """Whether this system can run copies."""
    return sys.platform == "linux"


def load(environment: Mapping[str, str]) -> None:
    """Import the application under this environment, which is ours from now on; raises StartError in one line."""
    os.environ.update(environment)
    try:
        import django

        django.setup()
        for name in SHARED_BY_ALL:
            importlib.import_module(name)
    except (Exception, SystemExit) as reason:  # whatever the application's code raises, a start tells it in one line
        raise StartError(f"The application cannot be loaded ({type(reason).__name__}: {reason}).") from reason
    # What is imported now is never collected, so its memory stays shared with the copies.
    gc.collect()
    gc.freeze()


class Copy(process.Process):
    """A copy of this process that runs `python -m …` as if it had been started so."""

    def _spawn(self, log: BinaryIO) -> process.Child:
        if threading.active_count() > 1:
            raise RuntimeError("A process with several threads is not safely copied.")
        sys.stdout.flush()
        sys.stderr.flush()
        prepare = process.end_with_parent(self.stops[0])
        pid = os.fork()
        if pid == 0:
            if prepare:
                prepare()
            self._become(log)
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(pid, pid)
        return _Copied(pid)

    def _become(self, log: BinaryIO) -> NoReturn:
        """In the copy: run the module to its end, and never return into the parent's code."""
        code = 1
        try:
            os.setpgid(0, 0)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with open(os.devnull, "rb") as nothing:  # noqa: PTH123 (a descriptor is wanted)
                os.dup2(nothing.fileno(), 0)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(line_buffering=True)
            os.environ.clear()
            os.environ.update(self.env)
            if self.cwd:
                os.chdir(self.cwd)
            setproctitle.setproctitle(" ".join(self.argv))
            sys.argv = self.argv[2:]
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
            code = 0
        except SystemExit as ending:
            if isinstance(ending.code, str):
                print(ending.code, file=sys.stderr)
            code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


class _Copied:
    """The parent's hold on a copy."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """How it ended, None while it runs."""
        return self._reap(os.WNOHANG)

    def wait(self) -> int:
        """Wait for its end."""
        code = self._reap(0)
        assert code is not None
        return code

    def send_signal(self, number: int, /) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def _reap(self, options: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code
