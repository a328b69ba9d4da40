"""The metrics exporter, a process of its own: what all processes wrote, and what is counted at the moment of asking.

Run as `python -m monitoring.serve --host 127.0.0.1 --port 9464 --setup config.metrics_setup:setup`.
"""

# mypy: allow-untyped-calls

import argparse
import importlib
import logging
import pathlib
import signal
import struct
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from wsgiref import simple_server

import prometheus_client
from prometheus_client import core, exposition, multiprocess

from monitoring import collectors, metrics, processes

SETUP = "config.metrics_setup:setup"
WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_log = logging.getLogger("shule.metrics")


class QuietHandler(simple_server.WSGIRequestHandler):
    """A scrape every few seconds is no news."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is its superclass's
        """Write nothing."""


class SharedDirectory:
    """All processes' figures, summed; the dead are buried before each reading."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        self._guard = threading.Lock()  # the dead are never buried while another scrape reads

    def collect(self) -> Iterator[core.Metric]:
        """The sum over all files of the directory."""
        with self._guard:
            dead = processes.reap(self._path)
            families = self._read()
        if dead:
            _log.info("processes ended: %s", ", ".join(dead))
        yield from families

    def _read(self) -> Sequence[core.Metric]:
        """Read all files; a process that starts this instant may have created one and not yet filled it."""
        for _ in range(3):
            try:
                return list(multiprocess.MultiProcessCollector(None, str(self._path)).collect())
            except (FileNotFoundError, struct.error):
                continue
        return list(multiprocess.MultiProcessCollector(None, str(self._path)).collect())


def registry(path: pathlib.Path | None) -> prometheus_client.CollectorRegistry:
    """What the exporter serves: scraped gauges first, so that their failures are counted in the same answer."""
    served = prometheus_client.CollectorRegistry(auto_describe=False)
    served.register(collectors.ScrapedGauges())
    served.register(SharedDirectory(path) if path else metrics.REGISTRY)
    return served


def application(served: prometheus_client.CollectorRegistry) -> WSGIApplication:
    """Answer /metrics and /health/live, and nothing else."""
    figures = exposition.make_wsgi_app(served)

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Choose by path."""
        if environ["PATH_INFO"] == "/metrics":
            return figures(environ, start_response)  # type: ignore[no-any-return]
        found = environ["PATH_INFO"] == "/health/live"
        start_response("200 OK" if found else "404 Not Found", [("Content-Type", "application/json")])
        return [b'{"status": "ok"}' if found else b'{"status": "not found"}']

    return answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.serve", description="Export the platform's metrics.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9464)
    parser.add_argument("--setup", default=SETUP, help="module:function that registers figures; empty for none")
    options = parser.parse_args(arguments)
    path = processes.directory()
    if path is None:
        sys.stderr.write(f"{processes.DIRECTORY_VARIABLE} is not set: there is nothing to serve.\n")
        return 2
    path.mkdir(parents=True, exist_ok=True)
    if options.setup:
        module, _, function = options.setup.partition(":")
        getattr(importlib.import_module(module), function or "setup")()
    try:
        server = simple_server.make_server(
            options.host,
            options.port,
            application(registry(path)),
            exposition.ThreadingWSGIServer,
            handler_class=QuietHandler,
        )
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {options.host}:{options.port}: {error.strerror}.\n")
        return 1

    def stop(_number: int, _frame: types.FrameType | None) -> None:
        """Leave serve_forever from outside of it."""
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _log.info("metrics at http://%s:%d/metrics", options.host, server.server_port)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
