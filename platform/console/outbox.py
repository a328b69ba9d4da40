"""The outbox as operators see it: what waits, what failed, and a second chance or an end for what failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from audit import recording as audit
from console import overview
from core.errors import Conflict, NotFound
from core.models import Job
from tenants.models import School


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: its jobs by state, and how long its oldest has been due."""

    name: str
    waiting: int
    running: int
    done: int
    failed: int
    oldest: str
    late: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that failed for good, and whose it is."""

    job: Job
    school: School | None


def queues(at: datetime) -> list[Queue]:
    """Every queue with its counts; what ended is kept for a week."""
    states = ("waiting", "running", "done", "failed")
    counted = (
        Job.objects.order_by("queue")
        .values("queue")
        .annotate(
            **{state: Count("pk", filter=Q(state=state)) for state in states},
            oldest=Min("run_after", filter=Q(state="waiting", run_after__lte=at)),
        )
    )
    found = []
    for row in counted:
        late = at - row["oldest"] if row["oldest"] else timedelta()
        counts: Mapping[str, Any] = row
        numbers = {state: int(counts[state]) for state in states}
        shown = overview.lasting(late) if row["oldest"] else "–"
        found.append(Queue(name=row["queue"], **numbers, oldest=shown, late=late > overview.SLOW_AFTER))
    return found


def failures() -> QuerySet[Job]:
    """Jobs that failed for good, the latest first."""
    return Job.objects.filter(state="failed").order_by("-updated_at", "pk")


def with_schools(jobs: list[Job]) -> list[Failure]:
    """Jobs with their schools, read at once."""
    schools = {school.pk: school for school in School.objects.filter(pk__in={job.school_id for job in jobs})}
    return [Failure(job, schools.get(job.school_id)) if job.school_id else Failure(job, None) for job in jobs]


@transaction.atomic
def retry(*, job_id: Any, by: audit.Actor | None, at: datetime) -> Job:
    """Give a failed job another round of tries; the relay publishes it within seconds."""
    job = _failed(job_id)
    job.state, job.attempts, job.run_after = "waiting", 0, at
    job.published_at = job.started_at = job.finished_at = job.lease_until = None
    job.save()
    audit.record("job.retried", on=job, by=by, at=at, changes={"name": job.name})
    return job


@transaction.atomic
def discard(*, job_id: Any, by: audit.Actor | None, at: datetime) -> Job:
    """Drop a failed job for good; the trail keeps what it was and why it failed."""
    job = _failed(job_id)
    said = {"name": job.name, "kwargs": job.kwargs, "error": job.error[:500], "school": str(job.school_id or "")}
    audit.record("job.discarded", on=job, by=by, at=at, changes=said)
    Job.objects.filter(pk=job.pk).delete()
    return job


def _failed(job_id: Any) -> Job:
    try:
        job = Job.objects.lock(job_id)
    except Job.DoesNotExist:
        raise NotFound(_("This job is not there any more.")) from None
    if job.state != "failed":
        raise Conflict(_("This job has not failed."))
    return job
