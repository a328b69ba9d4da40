"""Each school's share of a web process: its work, and requests a second and at once; counted in memory, refused first.

A share holds while another school asks too: one that is alone may have the whole process. A process holds a school to
its part of the limits, the platform's processes together to all of them. Work is the processor's time in the thread
that answers, so that a heavy page counts for what it is, and a wait for the database for nothing. Rate and work are
buckets that fill as they say and hold some of it, for a page brings its pictures with it. What is too much is refused
and not held back here: the web server's queue is one for all schools, and a thread that waits lets it grow.
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
BURST_SECONDS = 5.0  # of its rate may come at once
WORK_SECONDS = 1.0  # of its work
ALONE_SECONDS = 10.0  # without a request of another school
LOUD_SECONDS = 3.0  # of work in one minute
MOST_SCHOOLS = 10_000
_lock = threading.Lock()


@dataclass(slots=True)
class Share:
    """What one school may use of this process, what it has left, and how many of its requests are being answered."""

    limits: Mapping[str, int]
    rate: float
    work: float
    at_once: int
    left: float
    work_left: float
    at: float
    usual: float = 0.0  # work of one of its requests, as it was lately
    underway: int = 0
    minute: int = 0
    spent: float = 0.0

    @classmethod
    def of(cls, limits: Mapping[str, int], now: float) -> "Share":
        """A whole share."""
        rate = limits["requests_per_second"] / settings.WEB_PROCESSES
        work = limits["work_percent"] / 100
        at_once = math.ceil(limits["concurrent_requests"] / settings.WEB_PROCESSES)
        left = max(rate * BURST_SECONDS, 1.0)
        return cls(limits, rate, work, at_once, left=left, work_left=work * WORK_SECONDS, at=now)

    def hold_to(self, limits: Mapping[str, int]) -> None:
        """Go on with other limits."""
        whole = Share.of(limits, self.at)
        self.limits, self.rate, self.work, self.at_once = limits, whole.rate, whole.work, whole.at_once

    def fill(self, now: float) -> None:
        """What came back since the request before."""
        passed = now - self.at
        self.left = min(self.left + passed * self.rate, max(self.rate * BURST_SECONDS, 1.0))
        self.work_left = min(self.work_left + passed * self.work, self.work * WORK_SECONDS)
        self.at = now

    def refusal(self) -> tuple[metrics.Refusal | None, int]:
        """What there is too much of now, and for how many seconds."""
        if self.underway >= self.at_once:
            return "concurrency", 1
        if self.left < 1:
            return "rate", math.ceil((1 - self.left) / self.rate)
        if self.work_left <= 0:
            return "work", math.ceil(-self.work_left / self.work) or 1
        return None, 0

    def begin(self) -> None:
        """Take one request, and what it usually is: several at once would each see the whole share left."""
        self.left = max(self.left - 1, 0.0)
        self.work_left -= self.usual
        self.underway += 1

    def end(self, work: float) -> None:
        """Take or give back what it was more or less than usual; nobody is in debt for longer than a burst."""
        self.underway -= 1
        self.work_left = max(self.work_left + self.usual - work, -self.work * BURST_SECONDS)
        self.usual += (work - self.usual) / 8


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
        began = time.thread_time()
        try:
            return get_response(request)
        finally:
            leave(school, time.thread_time() - began)

    return middleware


def enter(school: scope.Scope) -> tuple[metrics.Refusal | None, int]:
    """Begin a request of a school: nothing, or what it has too much of and the seconds after which to ask again."""
    now = time.monotonic()
    with _lock:
        share = _shares.get(school.id)
        if share is None:
            _drop_idle(now)
            share = _shares[school.id] = Share.of(school.limits, now)
        elif share.limits is not school.limits:
            share.hold_to(school.limits)
        share.fill(now)
        refused, seconds = (None, 0) if _is_alone(school.id, now) else share.refusal()
        if not refused:
            share.begin()
    return refused, seconds


def leave(school: scope.Scope, work: float) -> None:
    """End a request that was so many seconds of work; a school that takes much of a process is named in the figures."""
    with _lock:
        share = _shares[school.id]
        share.end(work)
        minute = int(share.at // 60)
        if share.minute != minute:
            share.minute, share.spent = minute, 0.0
        share.spent += work
        loud = share.spent >= LOUD_SECONDS
    if loud:
        metrics.school_served(school.slug, work)


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
