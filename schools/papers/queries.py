"""What of papers a user may read."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from core.errors import NotFound
from identity import roles
from identity.models import User
from schools.academics import queries as academics
from schools.papers import policies
from schools.papers.models import Batch, Card, Letter, Template
from schools.people import queries as people
from schools.people.choices import StaffStatus, StudentStatus
from schools.people.models import Student

M = TypeVar("M", bound=Model)
HERE = (StudentStatus.ENROLLED, StudentStatus.SUSPENDED)


def batches_visible_to(user: User) -> QuerySet[Batch]:
    """What was printed lately, for the office."""
    found = Batch.objects.select_related("asked_by")
    return found if policies.may_print(user) else found.none()


def batch_for(user: User, pk: UUID) -> Batch:
    """One batch; raises NotFound."""
    return _found(batches_visible_to(user), pk, "There are no such papers.")


def templates_visible_to(user: User) -> QuerySet[Template]:
    """The templates of letters, for the office."""
    return Template.objects.all() if policies.may_issue(user) else Template.objects.none()


def template_for(user: User, pk: UUID) -> Template:
    """One template; raises NotFound."""
    return _found(templates_visible_to(user), pk, "There is no such template.")


def letters_visible_to(user: User) -> QuerySet[Letter]:
    """Every letter for the office; to a family those of its children that are shared and stand."""
    found = Letter.objects.select_related("student")
    if policies.may_issue(user):
        return found
    if not user.has_role(roles.GUARDIAN, roles.STUDENT):
        return found.none()
    return found.filter(student__in=people.visible_to(user).order_by().values("pk"), shared=True, revoked_at=None)


def letter_for(user: User, pk: UUID) -> Letter:
    """One letter; raises NotFound."""
    return _found(letters_visible_to(user), pk, "There is no such letter.")


def open_cards(student_ids: Sequence[UUID]) -> dict[UUID, Card]:
    """The card that each of these students holds now."""
    return {card.student_id: card for card in Card.objects.filter(student__in=student_ids, ended_at=None)}  # type: ignore[misc]


def classes_of(students: Sequence[Student]) -> dict[UUID, str]:
    """The name of each student's class."""
    return {pk: row.name for pk, row in academics.open_classes([s.pk for s in students]).items()}


def shown_of(card: Card, on: date) -> dict[str, Any] | None:
    """All that a stranger may know of a card: name, class or work, photo; None when it is not valid (any more)."""
    if not card.is_valid(on):
        return None
    if card.student is not None:
        if card.student.status not in HERE:
            return None
        line = classes_of([card.student]).get(card.student.pk, "")
    else:
        assert card.staff is not None
        if card.staff.status == StaffStatus.LEFT:
            return None
        line = card.staff.job_title
    return {"name": card.holder.full_name, "line": line, "photo": people.photo_of(card.holder)}


def _found(rows: QuerySet[M], pk: UUID, otherwise: str) -> M:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound(otherwise)
    return row
