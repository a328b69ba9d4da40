"""How a task enters its school, and how its job is settled.

A job reaches its task by a turn (`workers.turns`) that holds it already. A message may also name a task directly, as
beat's do and what follows a task: then there is no job to settle, unless the message names one by its id. The message
of a school's task without the school's header is rejected.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, ParamSpec, TypeVar

from celery import Task, shared_task
from celery.exceptions import Reject
from django.db import DatabaseError, InterfaceError, close_old_connections

from core import jobs, turns
from core.errors import DomainError
from core.turns import Held
from monitoring import logging as logs
from monitoring import metrics
from tenants import context
from tenants.models import School, State, Step
from workers import queues

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("shule.jobs")
EXPECTED = (DomainError, DatabaseError, InterfaceError)
WORKING = (State.LIVE, State.READ_ONLY)


class _JobTask(Task):  # type: ignore[misc]
    abstract = True
    runs_on = queues.DEFAULT

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run for a message that names this task; once for the job that it names, if it names one."""
        headers = self.request.headers or {}
        job_id = headers.get("job_id") or getattr(self.request, "job_id", None)
        held = jobs.claim(str(job_id)) if job_id else None
        if job_id and held is None:
            log.info("job already taken", extra={"task": self.name, "job_id": job_id})
            return None
        school_id = held.school_id if held else school_of(self.request)
        with _around(self.runs_on, task_id=self.request.id, request_id=headers.get("request_id", "")):
            return self._carry_out(held, school_id, args, kwargs)

    def carry_out(self, held: Held) -> None:
        """Run the job that a turn picked, and note how it ended; raises what the task raises."""
        with _around(self.runs_on, task_id=held.id, request_id=held.request_id):
            metrics.job_started(held.queue, held.waited)
            self._carry_out(held, held.school_id, (), held.kwargs)

    def _carry_out(self, held: Held | None, school_id: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        started = time.perf_counter()
        with self._place(school_id, held), jobs.kept(held) if held else nullcontext():
            try:
                result = self.run(*args, **kwargs)
            except Exception as error:
                self._settle_failure(held, error, time.perf_counter() - started)
                raise
            if held:
                jobs.finish(held)
            metrics.job_finished(self.name, self.runs_on, "succeeded", time.perf_counter() - started)
            return result

    def _settle_failure(self, held: Held | None, error: Exception, seconds: float) -> None:
        """Try again later what can heal; a refusal of the domain cannot."""
        retry_in = None
        if held and not isinstance(error, DomainError) and held.attempt < jobs.MOST_ATTEMPTS:
            retry_in = min(2.0**held.attempt * 5, 900.0)
        if held:
            jobs.fail(held, f"{type(error).__name__}: {error}", retry_in=retry_in)
        metrics.job_finished(self.name, self.runs_on, "retried" if retry_in is not None else "failed", seconds)

    def _place(self, school_id: str, held: Held | None) -> AbstractContextManager[Any]:
        """Where the task stands while it runs; raises Reject where it may not."""
        raise NotImplementedError


class PublicTask(_JobTask):
    """A task of the platform itself; it stands in the public schema."""

    abstract = True

    def _place(self, school_id: str, held: Held | None) -> AbstractContextManager[Any]:
        return context.in_public()


class SchoolTask(_JobTask):
    """A task of one school, named by the message's header or by the job."""

    abstract = True

    def _place(self, school_id: str, held: Held | None) -> AbstractContextManager[Any]:
        """The school's schema; a message without a school, or of one that is not open, is rejected."""
        if not school_id:
            raise self._refused("the message names no school", held)
        with context.in_public():
            school = School.objects.filter(pk=school_id).first()
        if school is None:
            raise self._refused("the school does not exist", held)
        if school.state not in WORKING:
            # One that is being set up opens in seconds, a suspended one when it may.
            retry_in = 600 if school.step == Step.LIVE else 5
            raise self._refused(f"{jobs.CLOSED}{school.state}", held, retry_in=retry_in)
        logs.bind(school=school.slug)
        return context.in_school(context.scope_of(school, statements=context.JOBS))

    def _refused(self, why: str, held: Held | None, *, retry_in: float | None = None) -> Reject:
        if held:
            jobs.fail(held, why, retry_in=retry_in)
        log.error("task rejected", extra={"task": self.name, "why": why})
        metrics.job_finished(self.name, self.runs_on, "rejected", 0.0)
        return Reject(why, requeue=False)


@contextmanager
def _around(queue: str, *, task_id: str, request_id: str) -> Iterator[None]:
    """Whatever a task leaves behind is put away, and somebody else is woken for what still waits."""
    logs.bind(task_id=task_id, request_id=request_id)
    close_old_connections()
    try:
        yield
    finally:
        turns.pass_on(queue)
        close_old_connections()
        logs.unbind()


def school_of(request: Any) -> str:
    """The id of the school that a message names; empty without one."""
    return str((request.headers or {}).get("school") or getattr(request, "school", None) or "")


def school_task(name: str, *, queue: str) -> Callable[[Callable[P, R]], Any]:
    """Declare a task of a school: keyword arguments, ids not objects, unknown keywords accepted, idempotent."""
    return _declare(SchoolTask, name, queue)


def public_task(name: str, *, queue: str) -> Callable[[Callable[P, R]], Any]:
    """Declare a task of the platform, which needs no school."""
    return _declare(PublicTask, name, queue)


def _declare(base: type[Task], name: str, queue: str) -> Callable[[Callable[P, R]], Any]:
    def decorate(function: Callable[P, R]) -> Any:
        return shared_task(function, name=name, base=base, runs_on=queue, acks_late=True, throws=EXPECTED)

    return decorate
