"""Each school's share of a web process: requests a second and at once, counted in memory, refused before anything else.

A share holds while another school asks too: one that is alone may have the whole process. A process holds a school to
its part of the limits, the platform's processes together to all of them. The rate is a bucket that fills as it says and
holds a few seconds of it, for a page brings its pictures with it.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core import scope
from monitoring import metrics
from tenants import refusals

Next = Callable[[HttpRequest], HttpResponse]
BURST_SECONDS = 5.0
ALONE_SECONDS = 10.0  # without a request of another school
LOUD_SECONDS = 3.0  # of answering in one minute
MOST_SCHOOLS = 10_000
_lock = threading.Lock()


@dataclass(slots=True)
class Share:
    """What one school may use of this process, what it has left, and how many of its requests are being answered."""

    limits: Mapping[str, int]
    rate: float
    most: float
    at_once: int
    left: float
    at: float
    underway: int = 0
    minute: int = 0
    spent: float = 0.0

    @classmethod
    def of(cls, limits: Mapping[str, int], now: float) -> "Share":
        """A whole share."""
        rate = limits["requests_per_second"] / settings.WEB_PROCESSES
        most = max(rate * BURST_SECONDS, 1.0)
        at_once = math.ceil(limits["concurrent_requests"] / settings.WEB_PROCESSES)
        return cls(limits, rate, most, at_once, left=most, at=now)

    def hold_to(self, limits: Mapping[str, int]) -> None:
        """Go on with other limits."""
        whole = Share.of(limits, self.at)
        self.limits, self.rate, self.most, self.at_once = limits, whole.rate, whole.most, whole.at_once


_shares: dict[str, Share] = {}
_here = ("", -math.inf)  # the school of the newest request, and when it came
_other = -math.inf  # when the newest request of any other school came


def share_out(get_response: Next) -> Next:
    """Refuse what goes beyond a school's share with 429; the platform's own host is nobody's share."""

    def middleware(request: HttpRequest) -> HttpResponse:
        school = scope.current()
        if school.is_public:
            return get_response(request)
        refused, seconds = enter(school)
        if refused:
            metrics.request_refused(refused, school.slug)
            return refusals.throttled(request, seconds=seconds)
        began = time.monotonic()
        try:
            return get_response(request)
        finally:
            leave(school, time.monotonic() - began)

    return middleware


def enter(school: scope.Scope) -> tuple[metrics.Refusal | None, int]:
    """Begin a request of a school: nothing, or what it has too much of and the seconds after which to try again."""
    now = time.monotonic()
    with _lock:
        share = _shares.get(school.id)
        if share is None:
            _drop_idle(now)
            share = _shares[school.id] = Share.of(school.limits, now)
        elif share.limits is not school.limits:
            share.hold_to(school.limits)
        left = share.left + (now - share.at) * share.rate
        share.left = left if left < share.most else share.most
        share.at = now
        if not _is_alone(school.id, now):
            if share.underway >= share.at_once:
                return "concurrency", 1
            if share.left < 1:
                return "rate", math.ceil((1 - share.left) / share.rate)
        share.left = share.left - 1 if share.left > 1 else 0.0
        share.underway += 1
    return None, 0


def leave(school: scope.Scope, seconds: float) -> None:
    """End a request of a school that took so long; one that takes a good part of a process is named in the figures."""
    with _lock:
        share = _shares[school.id]
        share.underway -= 1
        minute = int((share.at + seconds) // 60)
        if share.minute != minute:
            share.minute, share.spent = minute, 0.0
        share.spent += seconds
        loud = share.spent >= LOUD_SECONDS
    if loud:
        metrics.school_served(school.slug, seconds)


def forget() -> None:
    """Begin afresh, as a process does that was just started."""
    global _here, _other
    with _lock:
        _shares.clear()
        _here, _other = ("", -math.inf), -math.inf


def _is_alone(school_id: str, now: float) -> bool:
    """Whether nobody else asked for a while."""
    global _here, _other
    if _here[0] != school_id:
        _other = _here[1]
    _here = (school_id, now)
    return now - _other > ALONE_SECONDS


def _drop_idle(now: float) -> None:
    """A school that asked for nothing in a minute has its whole share again."""
    if len(_shares) >= MOST_SCHOOLS:
        for name in [name for name, share in _shares.items() if not share.underway and now - share.at > 60]:
            del _shares[name]
