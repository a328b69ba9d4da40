"""What a domain raises when it refuses; doors turn it into HTTP in one place."""

from collections.abc import Mapping, Sequence

import psycopg
from django.core.exceptions import ValidationError
from django.db import OperationalError


class DomainError(Exception):
    """A refusal with a stable code, a sentence for people, and the fields to change."""

    status = 400
    code = "invalid"

    def __init__(self, message: str, *, code: str = "", errors: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.errors = {field: list(messages) for field, messages in (errors or {}).items()}

    @classmethod
    def from_validation(cls, error: ValidationError) -> "DomainError":
        """The same refusal out of Django's own validation."""
        if hasattr(error, "error_dict"):
            errors = {f: [str(m) for m in ValidationError(list(e)).messages] for f, e in error.error_dict.items()}
        else:
            errors = {"__all__": [str(m) for m in error.messages]}
        first = next(iter(errors.values()), [""])[0]
        return cls(first, errors=errors)


class NotAllowed(DomainError):
    """The person is known and may not do this."""

    status = 403
    code = "not_allowed"


class NotFound(DomainError):
    """It does not exist, or not for this person."""

    status = 404
    code = "not_found"


class Conflict(DomainError):
    """The state of the thing forbids it now."""

    status = 409
    code = "conflict"


class Stale(DomainError):
    """Somebody changed it since it was read."""

    status = 412
    code = "stale"


class Unprocessable(DomainError):
    """Well-formed, but not something that can be done."""

    status = 422
    code = "unprocessable"


def took_too_long(error: Exception) -> bool:
    """Whether the database ended a statement because it took longer than the school's limit."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, psycopg.errors.QueryCanceled)
