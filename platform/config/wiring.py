"""Joins rooms that may not know each other."""

import functools
import importlib

import redis
from django.conf import settings
from django.db import connection, connections

from monitoring import health as checks
from monitoring import probes
from tenants import context, template


def health() -> None:
    """What `/health/ready` asks: the database must answer; without cache or broker the platform is slower, not down."""
    probes.after_each(connections.close_all)
    checks.register("database", _database, critical=True)
    checks.register("migrations", _migrations, critical=True)
    checks.register("cache", lambda: _redis(settings.REDIS_URL), critical=False)
    checks.register("broker", lambda: _redis(settings.BROKER_URL), critical=False)


def tasks() -> None:
    """Load the declared tasks, so that `core.jobs.later` knows their queues."""
    from workers.app import app

    for module in app.conf.imports:
        importlib.import_module(module)
    app.finalize()


def _database() -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@functools.cache
def _migrations() -> None:
    """Raises until the public schema is at head; then it stays so for this process's version."""
    with context.in_public():
        template.check_shared_at_head()


def _redis(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=0.8, socket_connect_timeout=0.8) as client:
        client.ping()
