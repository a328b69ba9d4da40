"""Saving what two people may ask for at once: the constraint decides, and the second is refused as if it came later."""

from collections.abc import Mapping

from django.db import IntegrityError, models, transaction

from core.errors import Conflict


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
