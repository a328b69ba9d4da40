"""What is read of employments and leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.db.models.functions import ExtractYear

from core.errors import NotFound
from identity.models import User
from schools.leaves import policies
from schools.leaves.choices import State
from schools.leaves.models import Employment, Leave, LeaveType
from schools.people import choices as people_choices
from schools.people.models import Staff

TAKEN = (State.APPROVED, State.ASKED)
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """One kind of leave of one person in one year, in days; `entitled` is None where there is no limit."""

    type: LeaveType
    entitled: Decimal | None
    carried: Decimal
    approved: Decimal
    asked: Decimal

    @property
    def left(self) -> Decimal | None:
        """What may still be asked for."""
        return None if self.entitled is None else self.entitled + self.carried - self.approved - self.asked


def types(*, retired: bool = False) -> QuerySet[LeaveType]:
    """The kinds of leave, by name."""
    return LeaveType.objects.all() if retired else LeaveType.objects.filter(retired=False)


def type_for(pk: UUID) -> LeaveType:
    """One kind; raises NotFound."""
    found = LeaveType.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such kind of leave.")
    return found


def visible_to(user: User) -> QuerySet[Leave]:
    """Every leave for the office, one's own for everybody else."""
    found = Leave.objects.select_related("staff", "type", "decided_by")
    return found if policies.may_decide(user) else found.filter(staff__user=user)


def leave_for(user: User, pk: UUID) -> Leave:
    """One leave; raises NotFound."""
    found = visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such leave, or not for you.")
    return found


def waiting(user: User) -> QuerySet[Leave]:
    """What waits for this user's decision, the nearest first."""
    if not policies.may_decide(user):
        return Leave.objects.none()
    found = visible_to(user).filter(state=State.ASKED).exclude(staff__user=user)
    return found.order_by("starts_on", "pk")


def away_on(day: date) -> QuerySet[Leave]:
    """Who is on an approved leave on a day."""
    found = Leave.objects.filter(state=State.APPROVED, starts_on__lte=day, ends_on__gte=day)
    return found.select_related("staff", "type").order_by("staff__first_name", "pk")


def between(first: date, last: date) -> QuerySet[Leave]:
    """Leave that is asked for or approved and touches these days, by its first day."""
    found = Leave.objects.filter(state__in=TAKEN, starts_on__lte=last, ends_on__gte=first)
    return found.select_related("staff", "type").order_by("starts_on", "staff__first_name", "pk")


def balances(staff: Staff, year: int) -> list[Balance]:
    """Every kind of leave of one person in a year."""
    return balances_of([staff], year)[staff.pk]


def balances_of(people: Iterable[Staff], year: int) -> dict[UUID, list[Balance]]:
    """The same of many, in two queries. What is left of the year before is carried up to the kind's limit."""
    kinds = list(types())
    ids = [one.pk for one in people]
    sums: dict[tuple[UUID, UUID, int, str], Decimal] = {}
    rows = Leave.objects.filter(staff__in=ids, state__in=TAKEN, starts_on__year__in=(year - 1, year)).order_by()
    counted = rows.annotate(year=ExtractYear("starts_on")).values_list("staff_id", "type_id", "year", "state")
    for staff_id, type_id, of, state, days in counted.annotate(total=Sum("days")):
        sums[staff_id, type_id, of, state] = days
    return {pk: [_balance(kind, pk, year, sums) for kind in kinds] for pk in ids}


def _balance(kind: LeaveType, pk: UUID, year: int, sums: dict[tuple[UUID, UUID, int, str], Decimal]) -> Balance:
    before = sum((sums.get((pk, kind.pk, year - 1, state), NONE) for state in TAKEN), NONE)
    carried = NONE
    if kind.days is not None and kind.carry_over:
        carried = max(NONE, min(kind.carry_over, kind.days - before))
    approved, asked = (sums.get((pk, kind.pk, year, state), NONE) for state in TAKEN)
    return Balance(kind, kind.days, carried, approved, asked)


def employments_of(staff: Staff) -> QuerySet[Employment]:
    """What somebody was and is employed as, the newest first."""
    return Employment.objects.filter(staff=staff)


def employment_for(pk: UUID) -> Employment:
    """One employment; raises NotFound."""
    found = Employment.objects.select_related("staff").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such employment.")
    return found


def working() -> QuerySet[Staff]:
    """Those who work here now, by name."""
    return Staff.objects.exclude(status=people_choices.StaffStatus.LEFT).order_by("first_name", "last_name", "pk")
