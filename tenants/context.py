"""The only ways across: into one school, into the platform's own schema, through every school."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

from core import scope
from tenants.models import School, State

PUBLIC = scope.Scope(id="public", slug="", schema=scope.PUBLIC_SCHEMA, name="", state="live", host="")


def scope_of(school: School, host: str = "") -> scope.Scope:
    """What a request carries of a school."""
    return scope.Scope(
        id=str(school.pk),
        slug=school.slug,
        schema=school.schema,
        name=school.name,
        state=school.state,
        host=host,
        facts=MappingProxyType({**school.facts, "state_reason": school.state_reason}),
    )


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
