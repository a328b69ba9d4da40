"""What every write shares: facts put on a row and checked, and a constraint that decides between two at once."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from core import text
from core.errors import Conflict, DomainError, Stale


def save(row: models.Model, taken: Mapping[str, tuple[str, str]]) -> None:
    """Save; a constraint of `taken` that another transaction won becomes a Conflict of its field and message."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        for constraint, (field, message) in taken.items():
            if constraint in str(error):
                raise conflict(field, message) from None
        raise


def conflict(field: str, message: str) -> Conflict:
    """The refusal of a value that another row has."""
    return Conflict(message, code="taken", errors={field: [message]})


def put(row: models.Model, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Put the tidied facts on a row; gives back field → [before, after] of those that differ."""
    changes: dict[str, Any] = {}
    for name, given in facts.items():
        value = text.tidy(given) if isinstance(given, str) else given
        before = getattr(row, name)
        if before != value:
            changes[name] = [str(v) if isinstance(v, models.Model) else v for v in (before, value)]
            setattr(row, name, value)
    return changes


def check(row: models.Model, errors: dict[str, list[str]]) -> None:
    """Django's own field checks and the caller's errors, raised together as one DomainError."""
    try:
        row.full_clean(validate_unique=False, validate_constraints=False, exclude=list(errors))
    except ValidationError as error:
        errors.update(DomainError.from_validation(error).errors)
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)


def unchanged(row: Any, expected: str) -> None:
    """Raise Stale when `expected` is given and is not the row's version any more."""
    if expected and row.version != expected:
        raise Stale(_("Somebody changed this in the meantime. Look at it again, then save."))


def wrong(name: str, message: str) -> DomainError:
    """The refusal of one field."""
    return DomainError(message, errors={name: [message]})
