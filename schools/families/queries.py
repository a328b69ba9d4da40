"""What is read of proposals and rounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Q, QuerySet

from core import clock
from core.errors import NotFound
from identity.models import User
from schools.families import policies, proposing, tokens
from schools.families.choices import About, Answer, State
from schools.families.models import Campaign, Confirmation, Proposal
from schools.people import choices as people_choices
from schools.people import directory
from schools.people import queries as people
from schools.people.models import Guardian, Guardianship, Student


@dataclass(frozen=True, slots=True)
class Part:
    """One record that a guardian checks."""

    about: About
    row: Any
    key: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as the office reads it: what stood there, what stands there now, what is wanted."""

    proposal: Proposal
    whose: str
    label: str
    before: str
    now: str
    value: str

    @property
    def changed_since(self) -> bool:
        """Somebody changed the field after it was proposed."""
        return self.now != self.before


def parts_of(guardian: Guardian) -> list[Part]:
    """What a guardian checks: the own record, the household, each child that the portal shows."""
    found = [Part(About.GUARDIAN, guardian, f"guardian-{guardian.pk}")]
    if guardian.household is not None:
        found.append(Part(About.HOUSEHOLD, guardian.household, f"household-{guardian.household.pk}"))
    for child in children_of(guardian):
        found.append(Part(About.STUDENT, child, f"student-{child.pk}"))
    return found


def children_of(guardian: Guardian) -> QuerySet[Student]:
    """The children whom a guardian answers for at this school: those that the portal shows."""
    ties = Guardianship.objects.filter(people.unrestricted(clock.today()), guardian=guardian, sees_portal=True)
    here = Student.objects.filter(pk__in=ties.values("student"), status=people_choices.StudentStatus.ENROLLED)
    return here.order_by("first_name", "pk")


def waiting() -> QuerySet[Proposal]:
    """What waits for the office, the oldest first."""
    found = Proposal.objects.filter(state=State.WAITING).select_related("guardian")
    return found.order_by("guardian__first_name", "guardian", "created_at", "pk")


def proposals_of(guardian: Guardian) -> QuerySet[Proposal]:
    """What a guardian proposed, the newest first."""
    return Proposal.objects.filter(guardian=guardian).order_by("-created_at", "-pk")


def proposal_for(user: User, pk: UUID) -> Proposal:
    """One proposal for the office; raises NotFound."""
    found = Proposal.objects.filter(pk=pk).first() if policies.may_decide(user) else None
    if found is None:
        raise NotFound("There is no such proposal.")
    return found


def shown(proposals: Sequence[Proposal]) -> list[Shown]:
    """Proposals in words; the records are read once for each kind."""
    rows: dict[tuple[str, UUID], models.Model] = {}
    for about in About:
        ids = {one.object_id for one in proposals if one.about == about}
        if ids:
            found: Mapping[UUID, models.Model] = proposing.subject(about).model._default_manager.in_bulk(list(ids))
            rows.update({(about.value, pk): row for pk, row in found.items()})
    lines = []
    for one in proposals:
        row = rows.get((one.about, one.object_id))
        now = proposing.stored(getattr(row, one.field)) if row is not None else ""
        words = [proposing.said(one.about, one.field, value) for value in (one.before, now, one.value)]
        lines.append(Shown(one, str(row) if row else "–", proposing.label(one.about, one.field), *words))
    return lines


def campaigns() -> QuerySet[Campaign]:
    """Every round with its numbers, the newest first."""
    number = {answer.value: Count("confirmations", filter=Q(confirmations__answer=answer)) for answer in Answer}
    return Campaign.objects.annotate(asked=Count("confirmations"), **number).order_by("-created_at", "-pk")


def campaign_for(pk: UUID) -> Any:
    """One round with its numbers; raises NotFound."""
    found = campaigns().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such round.")
    return found


def by_class(user: User, campaign: Campaign) -> list[tuple[str, int, int, int]]:
    """For each class: how many children there are whose guardians were asked, confirmed and proposed changes."""
    answers: dict[UUID, str] = {}
    asked = campaign.confirmations.filter(guardian__students__status=people_choices.StudentStatus.ENROLLED)
    for student, answer in asked.values_list("guardian__students", "answer"):
        if _RANK[answer] >= _RANK.get(answers.get(student, ""), -1):
            answers[student] = answer
    column = next((one for one in directory.columns_for(user) if one.key == "class"), None)
    classes = column.load(list(answers)) if column else {}
    counts: dict[str, list[int]] = {}
    for student, answer in answers.items():
        name = column.plain(classes.get(student)) if column else ""
        numbers = counts.setdefault(name, [0, 0, 0])
        numbers[0] += 1
        numbers[1] += answer == Answer.CONFIRMED
        numbers[2] += answer == Answer.CHANGED
    return [(name or "–", *numbers) for name, numbers in sorted(counts.items())]  # type: ignore[misc]


_RANK = {Answer.SILENT.value: 0, Answer.CONFIRMED.value: 1, Answer.CHANGED.value: 2}


def silent(campaign: Campaign) -> QuerySet[Confirmation]:
    """Who has not answered yet, by name."""
    found = campaign.confirmations.filter(answer=Answer.SILENT).select_related("guardian")
    return found.order_by("guardian__first_name", "guardian__last_name", "pk")


def by_token(token: str) -> Confirmation:
    """The open confirmation of a link; raises NotFound for one that is made up, closed or over."""
    pk = tokens.id_of(token)
    rows = Confirmation.objects.select_related("campaign", "guardian", "guardian__household")
    found = rows.filter(pk=pk).first() if pk is not None else None
    if found is None or found.campaign.closed_at is not None or found.campaign.until < clock.today():
        raise NotFound("This link is closed.")
    return found


def open_confirmation_of(guardian: Guardian) -> Confirmation | None:
    """What the portal asks a guardian to confirm now, if anything."""
    found = Confirmation.objects.filter(guardian=guardian, answer=Answer.SILENT, campaign__closed_at=None)
    return found.filter(campaign__until__gte=clock.today()).order_by("-created_at").first()
