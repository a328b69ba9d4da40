"""What is read of transfers, and of the schools that take students over."""

from uuid import UUID

from django.db.models import QuerySet

from core import scope
from core.errors import NotFound
from identity.models import User
from schools.people.models import Student, StudentIdentifier
from schools.transfers import policies
from schools.transfers.choices import State, Way
from schools.transfers.models import Transfer
from schools.transfers.package import TRAVELS, Package
from tenants import context
from tenants.models import School
from tenants.models import State as Life

FACT = "takes_transfers"
MOST_SCHOOLS = 200


def visible_to(user: User) -> QuerySet[Transfer]:
    """Every transfer, for the office."""
    found = Transfer.objects.select_related("student")
    return found if policies.may_prepare(user) else found.none()


def transfer_for(user: User, pk: UUID) -> Transfer:
    """One transfer; raises NotFound."""
    found = visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such transfer.")
    return found


def waiting(user: User) -> QuerySet[Transfer]:
    """What waits for the head: who goes and is not approved, who comes and was not answered."""
    found = visible_to(user)
    if not policies.may_agree(user):
        return found.none()
    return found.filter(state=State.ASKED, way=Way.OUT) | found.filter(state=State.OFFERED, way=Way.IN)


def takes_transfers() -> bool:
    """Whether this school is on the list of schools that others transfer to."""
    return bool(scope.current_school().facts.get(FACT))


def schools() -> list[School]:
    """The other schools of the platform that take students over, by name."""
    here = scope.current_school().id
    with context.in_public():
        found = School.objects.filter(state=Life.LIVE, facts__takes_transfers=True).exclude(pk=here)
        return list(found.order_by("name")[:MOST_SCHOOLS])


def other_school(pk: UUID | None) -> School | None:
    """A school of the platform that is open for others now."""
    with context.in_public():
        return School.objects.filter(pk=pk, state=Life.LIVE).first() if pk else None


def known_already(package: Package) -> list[tuple[str, Student]]:
    """Students here who have an official number of the package already."""
    found = []
    for one in package.record["identifiers"]:
        if one["type"] in TRAVELS:
            held = StudentIdentifier.objects.filter(type=one["type"], value__iexact=one["value"])
            found += [(str(row), row.student) for row in held.select_related("student")]
    return found
