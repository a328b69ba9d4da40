"""The only door to the cache: every key carries the school, and a cache that is away is a miss."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import transaction

from core import scope
from monitoring import metrics

T = TypeVar("T")
log = logging.getLogger(__name__)
_MISSING = object()


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: `shule:<school id>:<version>:<key>`; raises NoSchool outside every scope."""
    return f"{key_prefix}:{scope.current().id}:{version}:{key}"


def reverse_key(key: str) -> str:
    """Django-redis' REVERSE_KEY_FUNCTION."""
    return key.split(":", 3)[3]


def get(key: str, default: Any = None) -> Any:
    """The value under the school's key, or the default."""
    value = _tolerant(lambda: caches["default"].get(key, _MISSING), _MISSING)
    if value is _MISSING:
        metrics.cache_miss()
        return default
    metrics.cache_hit()
    return value


def get_many(keys: list[str]) -> dict[str, Any]:
    """Those of the keys that are there, in one round trip."""
    found: dict[str, Any] = _tolerant(lambda: caches["default"].get_many(keys), {})
    for key in keys:
        (metrics.cache_hit if key in found else metrics.cache_miss)()
    return found


def set(key: str, value: Any, ttl: int) -> None:  # noqa: A001 - the field's word, used as cache.set
    """Keep a value for `ttl` seconds."""
    _tolerant(lambda: caches["default"].set(key, value, ttl), None)


def add(key: str, value: Any, ttl: int) -> bool:
    """Keep a value unless one is there; True when it was kept."""
    return bool(_tolerant(lambda: caches["default"].add(key, value, ttl), False))


def forget(*keys: str) -> None:
    """Drop keys once the caller's transaction has committed, so that no reader brings the old value back."""
    held = scope.current()

    def drop() -> None:
        with scope._entered(held):
            _tolerant(lambda: caches["default"].delete_many(keys), None)

    transaction.on_commit(drop)


def remember(key: str, ttl: int, make: Callable[[], T]) -> T:
    """The cached value, made and kept when it is missing."""
    value = get(key, _MISSING)
    if value is _MISSING:
        value = make()
        set(key, value, ttl)
    return value  # type: ignore[no-any-return]


def count(key: str, ttl: int) -> int | None:
    """Add one to a counter that lives `ttl` seconds; None when the cache is away."""

    def step() -> int:
        backend = caches["default"]
        backend.add(key, 0, ttl)
        return int(backend.incr(key))

    return _tolerant(step, None)


def _tolerant(call: Callable[[], T], otherwise: T) -> T:
    try:
        return call()
    except (OSError, ValueError) as error:
        log.warning("cache away", extra={"error": type(error).__name__})
    except Exception as error:
        # redis.exceptions.RedisError is not imported here: any client may stand behind the alias.
        if type(error).__module__.split(".")[0] not in {"redis", "django_redis"}:
            raise
        log.warning("cache away", extra={"error": type(error).__name__})
    return otherwise
