"""How a task enters its school, takes its job once, and settles it.

A message without the school's header is rejected unless its task is declared public. Inside, the task stands in the
school's schema alone; its job row is claimed first, so that a message delivered twice takes effect once.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from celery import Task, shared_task
from celery.exceptions import Reject
from django.db import DatabaseError, InterfaceError, close_old_connections

from core import jobs
from core.errors import DomainError
from monitoring import logging as logs
from monitoring import metrics
from tenants import context
from tenants.models import School, State, Step
from workers import queues

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("shule.jobs")
MOST_ATTEMPTS = 6
WORKING = (State.LIVE, State.READ_ONLY)


class _ClaimingTask(Task):  # type: ignore[misc]
    abstract = True
    lease = jobs.LEASE_SECONDS
    runs_on = queues.DEFAULT

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run once for the job named in the message, and note how it ended."""
        headers = self.request.headers or {}
        job_id = headers.get("job_id") or getattr(self.request, "job_id", None)
        logs.bind(task_id=self.request.id, request_id=headers.get("request_id", ""))
        started = time.perf_counter()
        close_old_connections()
        try:
            if job_id and not jobs.claim(job_id, lease=self.lease):
                log.info("job already taken", extra={"task": self.name, "job_id": job_id})
                return None
            try:
                result = super().__call__(*args, **kwargs)
            except Exception as error:
                self._settle_failure(job_id, error, time.perf_counter() - started)
                raise
            if job_id:
                jobs.finish(job_id)
            metrics.job_finished(self.name, self.runs_on, "succeeded", time.perf_counter() - started)
            return result
        finally:
            close_old_connections()
            logs.unbind()

    def _settle_failure(self, job_id: str | None, error: Exception, seconds: float) -> None:
        """Try again later what can heal; a refusal of the domain cannot."""
        retry_in = None
        if job_id and not isinstance(error, DomainError):
            tried = jobs.attempts(job_id)
            retry_in = min(2.0**tried * 5, 900.0) if tried < MOST_ATTEMPTS else None
        if job_id:
            jobs.fail(job_id, f"{type(error).__name__}: {error}", retry_in=retry_in)
        metrics.job_finished(self.name, self.runs_on, "retried" if retry_in is not None else "failed", seconds)


class PublicTask(_ClaimingTask):
    """A task of the platform itself; it stands in the public schema."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Enter the public schema and run."""
        with context.in_public():
            return super().__call__(*args, **kwargs)


class SchoolTask(_ClaimingTask):
    """A task of one school, named by the message's header."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Enter the school of the header and run; reject the message without one, or of a school that is not open."""
        school_id = school_of(self.request)
        if not school_id:
            raise self._refused("the message names no school")
        with context.in_public():
            school = School.objects.filter(pk=str(school_id)).first()
        if school is None:
            raise self._refused("the school does not exist")
        if school.state not in WORKING:
            self._postpone(school)
            raise self._refused(f"the school is {school.state}")
        with context.in_school(school):
            logs.bind(school=school.slug)
            return super().__call__(*args, **kwargs)

    def _refused(self, why: str) -> Reject:
        log.error("task rejected", extra={"task": self.name, "why": why})
        metrics.job_finished(self.name, self.runs_on, "rejected", 0.0)
        return Reject(why, requeue=False)

    def _postpone(self, school: School) -> None:
        """Leave a closed school's job in the outbox: one being set up opens in seconds, a suspended one when it may."""
        job_id = (self.request.headers or {}).get("job_id")
        if job_id and jobs.claim(job_id):
            jobs.fail(job_id, f"{jobs.CLOSED}{school.state}", retry_in=600 if school.step == Step.LIVE else 5)


def school_of(request: Any) -> str:
    """The id of the school that a message names; empty without one."""
    return str((request.headers or {}).get("school") or getattr(request, "school", None) or "")


def school_task(name: str, *, queue: str, lease: int = jobs.LEASE_SECONDS) -> Callable[[Callable[P, R]], Any]:
    """Declare a task of a school: keyword arguments, ids not objects, unknown keywords accepted, idempotent."""
    return _declare(SchoolTask, name, queue, lease)


def public_task(name: str, *, queue: str, lease: int = jobs.LEASE_SECONDS) -> Callable[[Callable[P, R]], Any]:
    """Declare a task of the platform, which needs no school."""
    return _declare(PublicTask, name, queue, lease)


def _declare(base: type[Task], name: str, queue: str, lease: int) -> Callable[[Callable[P, R]], Any]:
    def decorate(function: Callable[P, R]) -> Any:
        return shared_task(
            function,
            name=name,
            base=base,
            runs_on=queue,
            lease=lease,
            acks_late=True,
            throws=(DomainError, DatabaseError, InterfaceError),
        )

    return decorate
