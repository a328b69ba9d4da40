"""The time, asked for at the edge and passed inwards."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """The school's own calendar day."""
    return timezone.localdate()
