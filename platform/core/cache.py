"""The only door to the cache: every key carries the school, and a cache that is away is a miss."""

import hashlib
import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

import redis
from django.core.cache import caches
from django.db import connection, transaction
from django_redis import get_redis_connection

from core import scope
from monitoring import metrics

T = TypeVar("T")
log = logging.getLogger(__name__)
_MISSING = object()
_seen: ContextVar[dict[str, Any] | None] = ContextVar("shule_cache_seen", default=None)
VERSION_SECONDS = 24 * 3600
BEING_WRITTEN = b"being written"
_GLANCE = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
local found = redis.call('MGET', unpack(KEYS, 2))
table.insert(found, 1, n)
return found
"""
_GLANCE_SHA = hashlib.sha1(_GLANCE.encode(), usedforsecurity=False).hexdigest()  # EVALSHA's own name for a script


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


def remember(key: str, ttl: int, make: Callable[[], T], *, room: str = "") -> T:
    """The cached value, made and kept when it is missing; with a room, good until something is written in that room.

    While `reading()` is on, nothing is asked for twice.
    """
    seen = _seen.get()
    name = f"{scope.current().id}:{key}"
    if seen is not None and name in seen:
        return seen[name]  # type: ignore[no-any-return]
    value = _remembered_in(room, key, ttl, make) if room else _remembered(key, ttl, make)
    if seen is not None:
        seen[name] = value
    return value


class reading:  # noqa: N801 - used as a function is
    """Hold what is remembered for the length of a request that only reads."""

    __slots__ = ("_token",)

    def __enter__(self) -> None:
        self._token = _seen.set({})

    def __exit__(self, *_: object) -> None:
        _seen.reset(self._token)


def _remembered(key: str, ttl: int, make: Callable[[], T]) -> T:
    value = get(key, _MISSING)
    if value is _MISSING:
        value = make()
        set(key, value, ttl)
    return value  # type: ignore[no-any-return]


def _remembered_in(room: str, key: str, ttl: int, make: Callable[[], T]) -> T:
    """The version is read before the value is made, so that what a writer changes meanwhile is not kept as new."""
    nothing: tuple[bytes | None, Any] = (None, None)
    current, kept = _tolerant(lambda: _look(room, key), nothing)
    if current == BEING_WRITTEN:
        return make()
    if current is not None and kept is not None and kept[0] == current:
        metrics.cache_hit()
        value: T = kept[1]
        return value
    metrics.cache_miss()
    current = current or version(room)
    made = make()
    if current is not None:
        set(key, (current, made), ttl)
    return made


def _look(room: str, key: str) -> tuple[bytes | None, Any]:
    """The version of a room and what is kept under a key, in one round trip."""
    backend: Any = caches["default"]
    names = f"{_raw_prefix()}{version_key(room)}", str(backend.client.make_key(key))
    current, kept = get_redis_connection("default").mget(names)
    return current, None if kept is None else backend.client.decode(kept)


def count(key: str, ttl: int) -> int | None:
    """Add one to a counter that lives `ttl` seconds; None when the cache is away."""

    def step() -> int:
        backend = caches["default"]
        backend.add(key, 0, ttl)
        return int(backend.incr(key))

    return _tolerant(step, None)


def glance(counter: str, window: int, keys: Sequence[str]) -> tuple[int | None, list[bytes | None]]:
    """Add one to a counter that lives `window` seconds and read raw values beside it, in one round trip.

    What a busy door needs at every request. The count is None, and every value missing, when the cache is away.
    """
    prefix = _raw_prefix()
    names = [f"{prefix}{key}" for key in (counter, *keys)]
    found: list[Any] = _tolerant(lambda: _run_glance(names, window), [])
    if not found:
        return None, [None] * len(keys)
    return int(found[0]), found[1:]


def keep_raw(key: str, value: bytes, ttl: int) -> None:
    """Keep bytes that `glance` will read, for `ttl` seconds."""
    name = f"{_raw_prefix()}{key}"
    _tolerant(lambda: get_redis_connection("default").set(name, value, ex=ttl), None)


def version(name: str) -> bytes | None:
    """Names the state of what belongs to `name` in this school; None while it is being written or the cache is away.

    A version is a word of chance and not a number: one that the cache lost never comes back as an older state.
    """
    key = f"{_raw_prefix()}v:{name}"

    def read() -> bytes | None:
        client = get_redis_connection("default")
        found: bytes | None = client.get(key)
        if found is None:
            client.set(key, secrets.token_hex(8), ex=VERSION_SECONDS, nx=True)
            found = client.get(key)
        return found

    value = _tolerant(read, None)
    return None if value == BEING_WRITTEN else value


def version_key(name: str) -> str:
    """Where `glance` finds the version of a name."""
    return f"v:{name}"


def bump(name: str) -> None:
    """Begin a new version of a name with the caller's transaction: nobody trusts the old one from now until it commits.

    A writer that dies in between leaves the name distrusted, which is slower and never wrong.
    """
    key = f"{_raw_prefix()}v:{name}"
    if any(getattr(entry[1], "bumps", None) == key for entry in connection.run_on_commit):
        return

    def begin() -> None:
        begin.bumps = None  # type: ignore[attr-defined]
        _tolerant(lambda: get_redis_connection("default").set(key, secrets.token_hex(8), ex=VERSION_SECONDS), None)

    begin.bumps = key  # type: ignore[attr-defined]
    if connection.in_atomic_block:
        _tolerant(lambda: get_redis_connection("default").set(key, BEING_WRITTEN, ex=VERSION_SECONDS), None)
    transaction.on_commit(begin)


def forget_all() -> int:
    """Drop every key of the current scope, sessions and rate limits too; gives back how many there were."""
    names = list_all()
    if names:
        _tolerant(lambda: get_redis_connection("default").delete(*names), None)
    return len(names)


def list_all() -> list[bytes]:
    """The names of every key of the current scope; a walk through the whole cache, for rare use."""
    pattern = f"shule:{scope.current().id}:*"
    return _tolerant(lambda: list(get_redis_connection("default").scan_iter(pattern, count=2000)), [])


def _raw_prefix() -> str:
    return f"shule:{scope.current().id}:raw:"


class _Own(threading.local):
    """A connection that belongs to one thread: nothing is borrowed and given back at every request."""

    connection: Any = None


_own = _Own()


def _run_glance(names: list[str], window: int) -> list[Any]:
    command = ["EVALSHA", _GLANCE_SHA, str(len(names)), *names, str(window)]
    fresh = _own.connection is None
    if fresh:
        _own.connection = get_redis_connection("default").connection_pool.make_connection()
    try:
        return _say(command)
    except redis.exceptions.NoScriptError:
        return _say(["EVAL", _GLANCE, *command[2:]])
    except (redis.exceptions.ConnectionError, OSError):
        _own.connection = None
        if fresh:
            raise
        # One that stood idle may be gone for reasons of its own.
        _own.connection = get_redis_connection("default").connection_pool.make_connection()
        try:
            return _say(command)
        except redis.exceptions.NoScriptError:
            return _say(["EVAL", _GLANCE, *command[2:]])
        except (redis.exceptions.RedisError, OSError):
            _own.connection = None
            raise


def _say(command: list[str]) -> list[Any]:
    """One command of ASCII words, written as RESP by hand: packing is half of what the client library costs."""
    packed = "".join([f"*{len(command)}\r\n", *[f"${len(word)}\r\n{word}\r\n" for word in command]])
    _own.connection.send_packed_command([packed.encode("ascii")], check_health=False)
    answer: list[Any] = _own.connection.read_response()
    return answer


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
