"""What families of a demo school have asked for: one that waits, two that were approved."""

from datetime import date, timedelta

from identity.models import User
from schools.absences import services
from schools.absences.models import Absence
from schools.academics import queries as academics
from schools.people.models import Guardianship
from tenants import demo
from tenants.demo import Stage

WHYS = ("A wedding in Kisumu, back on Monday", "Dentist at the county hospital", "A funeral of our grandmother")


def load(stage: Stage) -> str:
    """Guardians with an account asked; the head answered two of them."""
    ties = Guardianship.objects.filter(guardian__user__isnull=False, sees_portal=True).select_related(
        "student", "guardian__user"
    )
    days = _days(stage.today)
    asked: list[Absence] = []
    for tie, (first, last), why in zip(ties.order_by("student__admission_number")[:3], days, WHYS, strict=False):
        user = tie.guardian.user
        assert user is not None
        asked.append(services.ask(student=tie.student, starts_on=first, ends_on=last, why=why, by=user, at=stage.at))
    head = User.objects.filter(roles__contains=["head"]).order_by("username").first()
    assert head is not None
    for row in asked[1:]:
        services.decide(absence=row, approve=True, answer="Safe travels", by=head, at=stage.at)
    return f"{len(asked)} absences"


def _days(today: date) -> list[tuple[date, date]]:
    """Three spans to come, each with a school day in it; none where the term is nearly over."""
    coming = list(academics.school_days(today + timedelta(days=1), today + timedelta(days=21)))
    return [(coming[1], coming[2]), (coming[3], coming[3]), (coming[0], coming[0])] if len(coming) > 3 else []


demo.register("absences", load, order=46)
