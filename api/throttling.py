"""How many requests a caller may make in a minute: counted in the cache, and per process while that is away."""

import threading
import time
from collections.abc import Mapping

from django.conf import settings

from api import problems
from api.problems import Problem
from core import scope

WINDOW = 60
_lock = threading.Lock()
_own: dict[str, int] = {}
_own_window = 0


def window() -> tuple[int, int]:
    """The current minute's number and the seconds left of it."""
    number, passed = divmod(int(time.time()), WINDOW)
    return number, WINDOW - passed


def counter(who: str, number: int) -> str:
    """The counter's key for `core.cache.glance`."""
    return f"rate:{who}:{number}"


def headers(count: int | None, who: str, left: int, number: int) -> dict[str, str]:
    """RateLimit headers for a counted request; raises 429 with Retry-After when the minute is used up."""
    quota = scope.current().limits.get("api_requests_per_minute", settings.API_REQUESTS_PER_MINUTE)  # operators' API
    used = count if count is not None else alone(who, number)
    said = {
        "RateLimit-Policy": f'"default";q={quota};w={WINDOW}',
        "RateLimit": f'"default";r={max(quota - used, 0)};t={left}',
    }
    if used > quota:
        raise exceeded(left, said)
    return said


def exceeded(left: int, said: Mapping[str, str]) -> Problem:
    """429: wait until the window ends."""
    return Problem(
        429,
        "throttled",
        f"Too many requests. Try again in {left} seconds.",
        headers={**said, "Retry-After": str(left)},
        kind=problems.QUOTA,
    )


def alone(who: str, number: int) -> int:
    """Count in this process only, for as long as the cache is away."""
    global _own_window
    key = f"{scope.current().id}:{who}"
    with _lock:
        if number != _own_window:
            _own.clear()
            _own_window = number
        _own[key] = _own.get(key, 0) + 1
        return _own[key]
