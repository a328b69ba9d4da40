"""What of bulk actions a user may read."""

from uuid import UUID

from django.apps import apps
from django.db.models import Count, Q, QuerySet

from core.errors import NotFound
from identity.models import User
from schools.bulk import policies
from schools.bulk.models import Action
from schools.bulk.undoing import kind_of


def visible_to(user: User) -> QuerySet[Action]:
    """Every bulk action, for the office."""
    found = Action.objects.select_related("done_by", "undone_by")
    return found if policies.may_undo(user) else found.none()


def action_for(user: User, pk: UUID) -> Action:
    """One bulk action; raises NotFound."""
    action = visible_to(user).filter(pk=pk).first()
    if action is None:
        raise NotFound("There is no such action.")
    return action


def numbers(action: Action) -> list[tuple[str, int, int, int]]:
    """The label of each model, and how many of its records were created, changed and removed."""
    new, gone = Q(before__isnull=True), Q(after__isnull=True)
    counted = (
        action.changes.order_by("model")
        .values("model")
        .annotate(
            created=Count("pk", filter=new), changed=Count("pk", filter=~new & ~gone), removed=Count("pk", filter=gone)
        )
    )
    return list(counted.values_list("model", "created", "changed", "removed"))


def touched(action: Action) -> list[tuple[str, int, int, int]]:
    """What kind of record, and how many of it were created, changed and removed."""
    return [(kind_of(apps.get_model(label)), *rest) for label, *rest in numbers(action)]  # type: ignore[misc]
