"""The only ways across: into one school, into the platform's own schema, through every school."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

from django.conf import settings

from core import scope
from tenants.models import School, State

PUBLIC = scope.Scope(id="public", slug="", schema=scope.PUBLIC_SCHEMA, name="", state="live", host="")


# Which of a school's limits ends a statement that takes too long.
PAGES, JOBS = "statement_timeout_ms", "job_statement_timeout_ms"


def scope_of(school: School, host: str = "", *, statements: str = "") -> scope.Scope:
    """What a request or job carries of a school; `statements` is PAGES or JOBS, and without it they may take long."""
    limits = {**usual_limits(), **school.limits}
    return scope.Scope(
        id=str(school.pk),
        slug=school.slug,
        schema=school.schema,
        name=school.name,
        state=school.state,
        host=host,
        facts=MappingProxyType({**school.facts, "state_reason": school.state_reason}),
        limits=MappingProxyType(limits),
        longest_statement=limits.get(statements, 0),
    )


def usual_limits() -> dict[str, int]:
    """What holds for a school that has no limits of its own."""
    return {**settings.SCHOOL_LIMITS, "api_requests_per_minute": settings.API_REQUESTS_PER_MINUTE}


@contextmanager
def in_school(school: School | scope.Scope) -> Iterator[scope.Scope]:
    """Stand in one school's schema, alone on the search path, for the length of a block."""
    entered = scope_of(school) if isinstance(school, School) else school
    if entered.is_public:
        raise scope.NoSchool("in_school() needs a school; the platform itself is in_public().")
    with scope._entered(entered):
        yield entered


@contextmanager
def in_public() -> Iterator[scope.Scope]:
    """Stand in the public schema, for the platform's own tables."""
    with scope._entered(PUBLIC):
        yield PUBLIC


def each_school(*, states: tuple[str, ...] = (State.LIVE, State.READ_ONLY)) -> Iterator[School]:
    """Every school in these states, one after the other, each entered while it is handed out."""
    with in_public():
        schools = list(School.objects.filter(state__in=states).order_by("slug"))
    for school in schools:
        with in_school(school):
            yield school
