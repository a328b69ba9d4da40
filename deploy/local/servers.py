"""PostgreSQL and Redis alone: around one command, or in the foreground for a developer who runs the rest by hand."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from deploy.local import postgres, redis, testing
from deploy.local.failure import StartError


def main() -> int:
    """Run a command against servers of its own; without one, start both, say where they are and wait for Ctrl-C."""
    options = argparse.ArgumentParser(prog="python -m deploy.local.servers", description=__doc__)
    options.add_argument("--home", type=Path, default=Path("var/servers"), help="where the data lie")
    options.add_argument("--max-connections", type=int, default=300)
    options.add_argument("--env-file", type=Path, help="write the variables to this file as well")
    options.add_argument("command", nargs=argparse.REMAINDER, help="-- a command to run, then everything ends")
    given = options.parse_args()
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    try:
        return _around(command) if command else _foreground(given.home, given.max_connections, given.env_file)
    except StartError as reason:
        print(reason, file=sys.stderr)
        return 1


def _around(command: list[str]) -> int:
    servers = testing.start()
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        servers.stop()


def _foreground(home: Path, max_connections: int, env_file: Path | None) -> int:
    database = postgres.start(
        home / "postgres", log=home / "log" / "postgres.log", durable=False, max_connections=max_connections
    )
    try:
        cache = redis.start(home / "redis", log=home / "log" / "redis.log", durable=False, password="")
    except StartError:
        database.stop()
        raise
    lines = (
        f"export DATABASE_URL={database.url}\nexport REDIS_URL={cache.url}\nexport BROKER_URL={cache.broker_url}\n"
        f"export PATH={postgres.bin_dir()}{os.pathsep}$PATH\n"
    )
    print(lines, end="", flush=True)
    if env_file:
        env_file.touch(mode=0o600)
        env_file.write_text(lines)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    cache.stop()
    database.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
