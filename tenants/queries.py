"""What operators and the exporter ask of the schools."""

from collections.abc import Mapping

from django.conf import settings
from django.db.models import Count

from core.models import Rows
from tenants import context
from tenants.models import Domain, School


def count_by_state() -> Mapping[str, int]:
    """How many schools stand in each state."""
    with context.in_public():
        return dict(School.objects.values_list("state").annotate(n=Count("pk")))


def schools(*, search: str = "", state: str = "") -> Rows[School]:
    """The schools for the operators' list; call inside in_public()."""
    found = School.objects.all()
    if state:
        found = found.filter(state=state)
    if search:
        found = found.filter(name__icontains=search) | found.filter(slug__icontains=search)
    return found  # type: ignore[return-value]


def address(school: School) -> str:
    """The address that opens a school; call inside in_public()."""
    domain = Domain.objects.filter(school=school, is_primary=True).first()
    host = domain.host if domain else f"{school.slug}.{settings.PLATFORM_DOMAIN}"
    return f"{settings.SCHEME}://{host}{settings.PORT_SUFFIX}"
