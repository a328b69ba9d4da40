"""Periodic work of many schools, from one calendar."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from core import jobs
from tenants import context
from tenants.models import School, State

KEEP_DONE = timedelta(days=7)


@transaction.atomic
def tick(*, at: datetime, limit: int = 200) -> int:
    """Ask for the work that is due and set its next time; several schedulers at once share the rows."""
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            """WITH due AS (
                   SELECT d.id FROM public.core_due d
                   JOIN public.tenants_school s ON s.id = d.school_id AND s.state IN ('live', 'read_only')
                   WHERE d.next_at <= %s ORDER BY d.next_at LIMIT %s FOR UPDATE OF d SKIP LOCKED)
               UPDATE public.core_due SET next_at = %s + make_interval(secs => every_seconds), updated_at = %s
               FROM due WHERE core_due.id = due.id RETURNING core_due.school_id, core_due.name""",
            [at, limit, at, at],
        )
        due = cursor.fetchall()
        schools = {s.pk: s for s in School.objects.filter(pk__in={school_id for school_id, _name in due})}
    for school_id, name in due:
        with context.in_school(schools[school_id]):
            jobs.later(name)
    return len(due)


def sweep(*, at: datetime) -> None:
    """Drop jobs that ended a week ago, and sessions that expired."""
    with context.in_public(), connection.cursor() as cursor:
        jobs.forget(ended_before=at - KEEP_DONE)
        cursor.execute("DELETE FROM public.django_session WHERE expire_date < %s", [at])
    for _school in context.each_school(states=(State.LIVE, State.READ_ONLY, State.SUSPENDED)):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_session WHERE expire_date < %s", [at])
