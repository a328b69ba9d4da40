"""Moments, addresses and weeks in words, as the pages of registers need them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core import clock
from core.errors import NotFound
from identity.access import user_of
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.attendance import queries
from schools.attendance.choices import Code, Session

FIRST_YEAR, LAST_YEAR = 1900, 2200


def moment(at: datetime) -> str:
    """The time of today, or the day with it."""
    local = timezone.localtime(at)
    return formats.date_format(local, "H:i" if local.date() == clock.today() else "j M, H:i")


def closed(day: date) -> str:
    """Why no register can be taken of a day; empty when one can."""
    if day > clock.today():
        return _("A register cannot be taken before its day.")
    if not academics.is_school_day(day):
        return _("%(day)s is not a school day.") % {"day": formats.date_format(day, "j F Y")}
    return ""


def class_of(request: HttpRequest, class_id: UUID) -> SchoolClass:
    """The class of an address, among those whose registers the reader may open."""
    found = queries.classes_visible_to(user_of(request)).filter(pk=class_id).first()
    if found is None:
        raise NotFound(_("There is no such class among yours."))
    return found


def address(class_id: UUID, day: date, session: str) -> str:
    """Where a register stands."""
    address = reverse("attendance:register", kwargs={"class_id": class_id, "day": day})
    return address if session == Session.MORNING else f"{address}?session={session}"


def day_of(value: str) -> date | None:
    """`2026-06-16` as a day; None for what is none that a school has."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None


def month_of(value: str) -> date | None:
    """The first day of `2026-06`; years that no school has are none."""
    return day_of(f"{value}-01") if len(value) == 7 else None


def days_words(days: Sequence[queries.Day]) -> str:
    """A week in words, for those who do not see its squares."""
    said = [f"{formats.date_format(one.date, 'l')} {Code(one.code).label}" for one in days if one.code]
    return ", ".join(said) or _("Nothing marked this week")


def strip(days: Sequence[queries.Day]) -> dict[str, Any]:
    """A week for the `week` tag: short days, codes, which is today, and the words."""
    return {
        "days": [(formats.date_format(one.date, "D"), one.code, one.today) for one in days],
        "words": days_words(days),
    }
