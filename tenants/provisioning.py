"""A new school in steps: requested, tables, first data, address, live.

Each step commits with the note that it is done, so that a set-up killed anywhere is resumed where it stood, and
running it twice changes nothing. Two requests for one slug are one school.
"""

import logging
import secrets
import time
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import jobs
from core.errors import Conflict, DomainError
from core.models import Job
from identity import accounts
from identity.models import User
from monitoring import metrics
from tenants import context, database, naming, resolve, seeding, template
from tenants.models import Domain, Erasure, School, State, Step

log = logging.getLogger("shule.tenants")
_LOCK_SPACE = 0x5C4001
_REPLAYS = 0x5C4004
_JOB = "tenants.provision"


def request(
    *,
    slug: str,
    name: str,
    head_name: str,
    head_email: str,
    by: audit.Actor | None,
    at: datetime,
    facts: dict[str, object] | None = None,
    in_background: bool = True,
) -> School:
    """Ask for a school; gives back the one that is there when its slug was asked for before under the same name, and
    has its set-up go on where nobody is at it any more.

    Raises DomainError naming the field, and Conflict when the slug is another school's.
    """
    slug, name = slug.strip().lower(), " ".join(name.split())
    _check(slug, name, head_email)
    with context.in_public():
        if _was_anothers(slug):
            taken = _("Another school has this address, or had it.")
            raise Conflict(taken, errors={"slug": [taken]})
        try:
            with transaction.atomic():
                school = School.objects.create(
                    slug=slug,
                    name=name,
                    schema=naming.schema_for(slug, secrets.token_hex(3)),
                    head_name=head_name,
                    head_email=head_email,
                    facts=facts or {},
                    requested_by=str(by) if by else "",
                )
                audit.record("school.requested", on=school, by=by, at=at, changes={"slug": slug})
                if in_background:
                    _have_it_done(school)
        except IntegrityError:
            school = School.objects.get(slug=slug)
            if school.name != name:
                taken = _("Another school has this address.")
                raise Conflict(taken, errors={"slug": [taken]}) from None
            if in_background and school.state != State.FAILED and is_left(school):
                _have_it_done(school)
    return school


@transaction.atomic
def retry(*, school_id: Any, by: audit.Actor | None, at: datetime) -> School:
    """Ask once more for a set-up that failed, or that nobody is at; it goes on from the step that it reached."""
    with context.in_public():
        school = School.objects.lock(school_id)
        if not is_left(school):
            raise Conflict(_("The set-up of this school has not failed."))
        audit.record("school.set_up_again", on=school, by=by, at=at, changes={"error": school.error[:300]})
        school.state, school.error = State.PROVISIONING, ""
        school.save(update_fields=["state", "error", "updated_at"])
        _have_it_done(school)
    return school


def is_left(school: School) -> bool:
    """Whether a set-up stands still: it failed, or it lost its job, as one that ended every worker does in the end."""
    if school.state not in (State.REQUESTED, State.PROVISIONING):
        return school.state == State.FAILED
    under_way = Job.objects.filter(state__in=("waiting", "running"), name=_JOB, kwargs__school_id=str(school.pk))
    return not under_way.exists()


def _have_it_done(school: School) -> None:
    jobs.later(_JOB, school_id=str(school.pk))


def provision(school_id: str, *, at: datetime) -> School:
    """Carry a requested school to live, from whatever step it stands at; a second run waits and finds it done."""
    started = time.perf_counter()
    with context.in_public():
        school = School.objects.get(pk=school_id)
        with _alone(school):
            school.refresh_from_db()
            if school.step != Step.LIVE:
                _carry(school, at, started)
        # By a second run too: the first may have been killed before it said so.
        resolve.forget(*Domain.objects.filter(school=school).values_list("host", flat=True))
    return school


def _carry(school: School, at: datetime, started: float) -> None:
    """Take the steps that are left, and write down which one failed."""
    try:
        _advance(school, Step(school.step), state=State.PROVISIONING, error="")
        for done, step in _STEPS:
            if school.step == done:
                step(school, at)
    except Exception as error:
        School.objects.filter(pk=school.pk).update(state=State.FAILED, error=str(error)[:2000])
        metrics.school_provisioned(time.perf_counter() - started, "failed")
        raise
    seconds = time.perf_counter() - started
    metrics.school_provisioned(seconds)
    log.info("school is live", extra={"school_id": str(school.pk), "seconds": round(seconds, 3)})


def _build_schema(school: School, at: datetime) -> None:
    """Replay the template in one transaction on a connection of its own: all of the schema or none.

    The server may still be at it for a process that was killed: its transaction is waited for.
    """
    sql = template.replay_sql(template.current(), school.schema)
    schema = naming.quoted(school.schema)
    with psycopg.connect(database.conninfo(), autocommit=False) as own:
        own.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_REPLAYS, _key(school)])
        exists = own.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [school.schema]).fetchone()
        if not exists:
            own.execute(f"CREATE SCHEMA {schema}".encode())
            own.execute(sql.encode())
    _advance(school, Step.SCHEMA)


def _sow(school: School, at: datetime) -> None:
    """First data and the head's account, in one transaction with the note that they are there."""
    with transaction.atomic():
        with context.in_school(school):
            seeding.sow(school, at)
            if school.head_email:
                accounts.create(
                    username=school.head_email,
                    email=school.head_email,
                    full_name=school.head_name or school.head_email,
                    roles=["head"],
                    by=None,
                    at=at,
                )
        _advance(school, Step.SEED)


def _reserve_host(school: School, at: datetime) -> None:
    host = f"{school.slug}.{settings.PLATFORM_DOMAIN}"
    with transaction.atomic():
        domain, _made = Domain.objects.get_or_create(host=host, defaults={"school": school})
        if domain.school_id != school.pk:
            raise Conflict(_("Another school has this address, or had it."))
        jobs_due(school, at)
        _advance(school, Step.DOMAIN)


def _open(school: School, at: datetime) -> None:
    """Open the doors and invite the head together: a job that were published before would find the school closed."""
    with transaction.atomic():
        audit.record("school.opened", on=school, by=None, at=at)
        _advance(school, Step.LIVE, state=State.LIVE, live_at=at)
        if school.head_email:
            with context.in_school(school):
                accounts.invite(user=User.objects.get(username__iexact=school.head_email), by=None, at=at)
        if school.facts.get("example"):
            with context.in_school(school):
                jobs.later("tenants.lay_example")


_STEPS = (
    (Step.REQUESTED, _build_schema),
    (Step.SCHEMA, _sow),
    (Step.SEED, _reserve_host),
    (Step.DOMAIN, _open),
)
PERIODIC = {
    "audit.seal": 300,
    "tenants.push_usage": 3600,
    "tenants.back_up": 86400,
    "admissions.sweep_drafts": 86400,
    "offline.forget": 86400,
    "attendance.notify_absences": 600,
}
# Over the day, each school at an hour of its own.
SPREAD = {"tenants.back_up", "admissions.sweep_drafts", "offline.forget"}


def jobs_due(school: School, at: datetime) -> None:
    """Enter the school into the calendar of periodic work."""
    with connection.cursor() as cursor:
        for name, seconds in PERIODIC.items():
            first = at + timedelta(seconds=3600 + school.pk.int % (seconds - 7200)) if name in SPREAD else at
            cursor.execute(
                """INSERT INTO public.core_due (id, school_id, name, every_seconds, next_at, created_at, updated_at)
                   VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s) ON CONFLICT (school_id, name) DO NOTHING""",
                [school.pk, name, seconds, first, at, at],
            )


def every_jobs_due(at: datetime) -> None:
    """Enter every open school into the calendar for work that this version brings."""
    with context.in_public():
        for school in School.objects.filter(step=Step.LIVE):
            jobs_due(school, at)


def _advance(school: School, step: Step, **changes: object) -> None:
    School.objects.filter(pk=school.pk).update(step=step, **changes)
    school.refresh_from_db()


def is_taken(slug: str, *, but_for: School) -> bool:
    """Whether an address is or was another school's: those of renamed and of erased schools stay theirs for good."""
    return School.objects.filter(slug=slug).exclude(pk=but_for.pk).exists() or _was_anothers(slug, but_for)


def _was_anothers(slug: str, own: School | None = None) -> bool:
    """Whether the address leads to a school of another slug, or led to one that was erased."""
    host = f"{slug}.{settings.PLATFORM_DOMAIN}"
    held = Domain.objects.filter(host=host).exclude(school__slug=slug)
    if own is not None:
        held = held.exclude(school=own)
    return held.exists() or Erasure.objects.filter(certificate__addresses__contains=[host]).exists()


def check_address(slug: str) -> None:
    """Refuse what cannot be a school's subdomain, naming the field; raises DomainError."""
    try:
        naming.check_slug(slug)
    except ValidationError as error:
        raise DomainError(str(error.messages[0]), errors={"slug": [str(m) for m in error.messages]}) from None


def is_spoken_for(slug: str) -> bool:
    """Whether an address is or was a school's."""
    return School.objects.filter(slug=slug).exists() or _was_anothers(slug)


def faults(slug: str, name: str, head_email: str) -> dict[str, list[str]]:
    """What is wrong with a wanted school, by field."""
    errors: dict[str, list[str]] = {}
    try:
        naming.check_slug(slug)
    except ValidationError as error:
        errors["slug"] = [str(m) for m in error.messages]
    if not 2 <= len(name) <= 120:
        errors["name"] = [_("Give the school's name, 2 to 120 characters.")]
    if head_email:
        try:
            validate_email(head_email)
        except ValidationError as error:
            errors["head_email"] = [str(m) for m in error.messages]
    return errors


def _check(slug: str, name: str, head_email: str) -> None:
    errors = faults(slug, name, head_email)
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)


def _key(school: School) -> int:
    """The number by which locks name a school."""
    return int(school.pk.int & 0x7FFFFFFF)


class _alone:  # noqa: N801 - used as a with-block
    """Hold a school's set-up lock for the length of a block; a session lock, so it dies with its connection."""

    def __init__(self, school: School) -> None:
        self._key = _key(school)

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCK_SPACE, self._key])

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, self._key])
