"""What a list may be narrowed by: each filter reads one query parameter, or says what is wrong with it."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

Rows = QuerySet[Any, Any]
Narrow = Callable[[Rows, Any], Rows]
LONGEST = 200


class Wrong(ValueError):
    """The parameter's value cannot be read."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter of a list, as the schema describes it and as it narrows."""

    about: str
    read: Callable[[str], Any]
    narrow: Narrow
    schema: dict[str, Any] = field(default_factory=dict)


def by(path: str) -> Narrow:
    """Narrow to rows where this field is the value."""
    return lambda rows, value: rows.filter(**{path: value})


def identifier(about: str, narrow: Narrow) -> Filter:
    """An id of something."""
    return Filter(about, read_id, narrow, {"type": "string", "format": "uuid"})


def word(about: str, values: Iterable[tuple[str, Any]], narrow: Narrow) -> Filter:
    """One of a few words."""
    allowed = [str(value) for value, _label in values]

    def read(value: str) -> str:
        if value not in allowed:
            raise Wrong(f"Must be one of {', '.join(allowed)}.")
        return value

    return Filter(about, read, narrow, {"type": "string", "enum": allowed})


def day(about: str, narrow: Narrow) -> Filter:
    """A date."""
    return Filter(about, read_day, narrow, {"type": "string", "format": "date"})


def moment(about: str, narrow: Narrow) -> Filter:
    """A moment with its offset from UTC."""
    return Filter(about, read_moment, narrow, {"type": "string", "format": "date-time"})


def yes_no(about: str, narrow: Narrow) -> Filter:
    """true or false."""
    return Filter(about, read_yes_no, narrow, {"type": "boolean"})


def text(about: str, narrow: Narrow) -> Filter:
    """Some words."""
    return Filter(about, lambda value: value, narrow, {"type": "string", "maxLength": LONGEST})


def read_id(value: str) -> uuid.UUID:
    """An id; raises Wrong."""
    try:
        return uuid.UUID(value)
    except ValueError:
        raise Wrong("Must be an id.") from None


def read_day(value: str) -> date:
    """A date of the form 2026-01-31; raises Wrong."""
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong("Must be a date of the form 2026-01-31.")


def read_moment(value: str) -> datetime:
    """A date with time and offset; a space where the address swallowed the plus is forgiven. Raises Wrong."""
    try:
        found = parse_datetime(value.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1900 < found.year < 9999:
        raise Wrong("Must be a date and time with an offset, as 2026-01-31T08:00:00Z.")
    return found


def read_yes_no(value: str) -> bool:
    """true or false; raises Wrong."""
    if value not in ("true", "false"):
        raise Wrong("Must be true or false.")
    return value == "true"
