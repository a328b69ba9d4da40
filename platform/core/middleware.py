"""The first and last to see a request: its id, its time, its health answers, its log line."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse

from core import cache
from monitoring import health, metrics
from monitoring import logging as logs

Next = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("shule.request")
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._\-]{8,64}$")


class QueryCount:
    """Counts the statements of one request and the time they took."""

    __slots__ = ("number", "seconds")

    def __init__(self) -> None:
        self.number = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.number += 1
            self.seconds += time.perf_counter() - started


def observe(get_response: Next) -> Next:
    """Give each request an id, answer with it, and leave one log line and its metrics."""

    def middleware(request: HttpRequest) -> HttpResponse:
        offered = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = offered if _REQUEST_ID.match(offered) else secrets.token_hex(16)
        request.request_id = request_id  # type: ignore[attr-defined]
        logs.bind(request_id=request_id)
        started = time.perf_counter()
        queries = QueryCount()
        try:
            try:
                with connection.execute_wrapper(queries), _held(request):
                    response = get_response(request)
            except Exception:  # the error page failed too: the web server answers, and it must not go uncounted
                log.exception("the error page failed")
                seconds = time.perf_counter() - started
                metrics.observe_request(
                    metrics.UNMATCHED, request.method or "", 500, seconds, queries.number, queries.seconds
                )
                raise
            seconds = time.perf_counter() - started
            match = request.resolver_match
            route = match.route if match else metrics.UNMATCHED
            metrics.observe_request(
                route, request.method or "", response.status_code, seconds, queries.number, queries.seconds
            )
            response["X-Request-ID"] = request_id
            response["Server-Timing"] = (
                f"app;dur={seconds * 1000:.1f}, db;dur={queries.seconds * 1000:.1f};desc={queries.number}"
            )
            log.info(
                "request",
                extra={
                    "route": route,
                    "method": request.method,
                    "status": response.status_code,
                    "ms": round(seconds * 1000, 1),
                    "db_ms": round(queries.seconds * 1000, 1),
                    "db_queries": queries.number,
                },
            )
            return response
        finally:
            logs.unbind()

    return middleware


def _held(request: HttpRequest) -> AbstractContextManager[None]:
    """A request that only reads asks for nothing twice."""
    return cache.reading() if request.method in ("GET", "HEAD") else nullcontext()


def answer_health(get_response: Next) -> Next:
    """Answer `/health*` on any host, before a school is looked up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path
        if not path.startswith("/health"):
            return get_response(request)
        name = path.rstrip("/")
        if name == "/health/live":
            status, body = health.live()
        elif name in ("/health/ready", "/health", "/health/startup"):
            status, body = health.ready()
        else:
            return get_response(request)
        return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")

    return middleware
