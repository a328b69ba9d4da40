"""What operators and the exporter ask of the schools."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from audit.models import Entry
from core.models import Rows
from tenants import context
from tenants.models import Domain, School, State, Usage

ORDERS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "state": ("state", "name"),
    "students": ("usage__students", "name"),
    "active": ("usage__active_users", "name"),
    "storage": ("usage__storage_bytes", "name"),
    "seen": ("usage__last_sign_in_at", "name"),
    "created": ("created_at",),
}
OPEN = (State.LIVE, State.READ_ONLY)
UNDERWAY = (State.REQUESTED, State.PROVISIONING)
MOST_FOUND = 10


def count_by_state() -> Mapping[str, int]:
    """How many schools stand in each state."""
    with context.in_public():
        return dict(School.objects.order_by().values_list("state").annotate(n=Count("pk")))


def schools(*, search: str = "", state: str = "", order: str = "name") -> Rows[School]:
    """The schools for the operators' list, each with its host and usage in one statement; call inside in_public()."""
    primary = Domain.objects.filter(school=OuterRef("pk"), is_primary=True).values("host")[:1]
    found = School.objects.select_related("usage").annotate(host=Subquery(primary))
    if state:
        found = found.filter(state=state)
    for word in search.split()[:6]:
        domains = Domain.objects.filter(school=OuterRef("pk"), host__icontains=word)
        found = found.filter(
            Q(name__icontains=word) | Q(slug__icontains=word) | Q(head_email__icontains=word) | Exists(domains)
        )
    down = order.startswith("-")
    first, *rest = ORDERS.get(order.removeprefix("-"), ORDERS["name"])
    head = F(first).desc(nulls_last=True) if down else F(first).asc(nulls_last=True)
    return found.order_by(head, *rest, "pk")  # type: ignore[return-value]


def totals() -> Mapping[str, int]:
    """What all schools together use, as last counted; call inside in_public()."""
    found = Usage.objects.aggregate(
        students=Sum("students"), staff=Sum("staff"), active=Sum("active_users"), storage=Sum("storage_bytes")
    )
    return {name: int(value or 0) for name, value in found.items()}


def timeline(school: School) -> QuerySet[Entry]:
    """What the platform did with a school, newest first; call inside in_public()."""
    return Entry.objects.filter(object_type="tenants.school", object_id=str(school.pk)).order_by("-at", "-pk")


def by_slug(slug: str) -> School | None:
    """One school with its host and usage; call inside in_public()."""
    return schools().filter(slug=slug).first()


def open_by_address(words: str) -> School | None:
    """The open school that somebody means by its slug or its whole host; call inside in_public()."""
    asked = words.strip().lower().removeprefix("http://").removeprefix("https://").split("/")[0].split(":")[0]
    asked = asked.removesuffix(f".{settings.PLATFORM_DOMAIN}")
    found = School.objects.filter(
        Q(slug=asked) | Q(domains__host=asked) | Q(name__iexact=words.strip()), state__in=OPEN
    )
    only = list(found.distinct()[:2])
    return only[0] if len(only) == 1 else None


def open_by_words(words: str) -> list[School]:
    """Some open schools whose name holds every word; call inside in_public()."""
    wanted = [word for word in words.split() if len(word) > 1][:6]
    if not wanted:
        return []
    found = schools().filter(state__in=OPEN)
    for word in wanted:
        found = found.filter(Q(name__icontains=word) | Q(slug__icontains=word))
    return list(found[:MOST_FOUND])


def address(school: School) -> str:
    """The address that opens a school; call inside in_public()."""
    host: Any = getattr(school, "host", None)
    if not host:
        domain = Domain.objects.filter(school=school, is_primary=True).first()
        host = domain.host if domain else f"{school.slug}.{settings.PLATFORM_DOMAIN}"
    return f"{settings.SCHEME}://{host}{settings.PORT_SUFFIX}"
