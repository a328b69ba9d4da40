"""One embedded PostgreSQL and Redis for a test run, unless the environment names real ones."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.local import ports, postgres, redis

PROCESSES = 4  # as many as sixteen numbered databases serve, the first two being a demo's
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own, of a random name, is made in it
ROOM = 6 * 1024**3


@dataclass(frozen=True)
class Servers:
    """What a test run started, and where the application finds it."""

    folder: Path
    postgres: postgres.Postgres | None
    redis: redis.Redis | None

    def stop(self) -> None:
        """End what was started and remove its data."""
        for server in (self.redis, self.postgres):
            if server is not None:
                server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Servers:
    """Start what the environment does not name and put DATABASE_URL, REDIS_URL and BROKER_URL into it."""
    folder = Path(tempfile.mkdtemp(prefix="shule-test-", dir=_in_memory()))
    folder.chmod(0o711)  # the database runs as another user when the tests run as root
    database = cache = None
    try:
        if "DATABASE_URL" not in os.environ:
            database = postgres.start(
                folder / "postgres", log=folder / "postgres.log", port=ports.any_free(), durable=False
            )
            os.environ["DATABASE_URL"] = database.url
        if "REDIS_URL" not in os.environ:
            cache = redis.start(
                folder / "redis", log=folder / "redis.log", port=ports.any_free(), durable=False, password=""
            )
            os.environ["REDIS_URL"] = cache.url
            os.environ["BROKER_URL"] = cache.broker_url
    except BaseException:
        Servers(folder, database, cache).stop()
        raise
    os.environ["ENVIRONMENT"] = "test"
    os.environ["VAR"] = str(folder / "var")
    for place, name in enumerate(("REDIS_URL", "BROKER_URL")):
        os.environ[name] = own_redis(os.environ[name], place)
    # pg_dump must be of the server's version, so the wheel's comes first.
    os.environ["PATH"] = f"{postgres.bin_dir()}{os.pathsep}{os.environ.get('PATH', '')}"
    return Servers(folder, database, cache)


def _in_memory() -> Path | None:
    """A place in memory with room for every database of a run: copies of a template are most of what a run writes."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return None


def own_redis(url: str, place: int) -> str:
    """One of the three numbered databases of a Redis that belong to this process of a parallel run alone.

    Tests use 0 (cache) and 1 (broker), a site that they start uses 2 for both: a worker that reads another site's
    broker drops that site's jobs, because it finds them in no table of its own.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw") or 0)
    return f"{url.rpartition('/')[0]}/{2 + process % PROCESSES * 3 + place}"
