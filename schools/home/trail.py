"""Who changed what: the audit trail as the head reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Entry
from identity import roles
from identity.models import User
from schools.home import trail_words

PAGE = 50
TECHNICAL = ("api_client.", "api_key.", "demo.", "user.")
LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; `thing` is words of a name or an act, `object` one record as `app.model:id`."""

    person: str = ""
    thing: str = ""
    object: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was changed."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it is told."""

    at: datetime
    who: str
    what: str
    action: str
    thing: str
    object: str
    changes: tuple[Change, ...]


def visible_to(user: User) -> QuerySet[Entry]:
    """The whole trail for the head, nothing for others."""
    entries = Entry.objects.all()
    return entries if user.has_role(roles.HEAD) else entries.none()


def search(entries: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    """Narrow to what is wanted, newest first."""
    if wanted.person:
        entries = entries.filter(actor_name__icontains=wanted.person)
    if wanted.thing:
        entries = entries.filter(Q(object_name__icontains=wanted.thing) | Q(action__icontains=wanted.thing))
    if wanted.object:
        kind, _colon, key = wanted.object.partition(":")
        entries = entries.filter(object_type=kind, object_id=key)
    if wanted.starts_on:
        entries = entries.filter(at__gte=_midnight(wanted.starts_on))
    if wanted.ends_on:
        entries = entries.filter(at__lt=_midnight(wanted.ends_on + timedelta(days=1)))
    return entries.order_by("-at", "-pk")


def without_technical(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Leave out what the platform did and how people and programs come in; who may do what stays."""
    way_in = Q()
    for beginning in TECHNICAL:
        way_in |= Q(action__startswith=beginning)
    return entries.filter(actor_id__isnull=False).exclude(way_in & ~Q(action="user.roles_changed"))


def page(entries: QuerySet[Entry], cursor: str, *, most: int = PAGE) -> tuple[list[Line], str]:
    """The lines after a cursor, and the cursor of the page after them; a cursor that is none starts at the top."""
    after = _read(cursor)
    if after is not None:
        at, pk = after
        entries = entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    rows = list(entries[: most + 1])
    following = f"{rows[most - 1].at.isoformat()}_{rows[most - 1].pk}" if len(rows) > most else ""
    return [_line(row) for row in rows[:most]], following


def _line(entry: Entry) -> Line:
    return Line(
        at=entry.at,
        who=entry.actor_name,
        what=trail_words.sentence(entry.action),
        action=entry.action,
        thing=entry.object_name,
        object=f"{entry.object_type}:{entry.object_id}" if entry.object_id else "",
        changes=tuple(_changes(entry.changes)),
    )


def _changes(changes: Any) -> Iterator[Change]:
    if not isinstance(changes, Mapping):
        return
    for field, value in changes.items():
        if value in (None, "", [], {}):
            continue
        words = str(field).replace("_", " ")
        if isinstance(value, list) and len(value) == 2:
            yield Change(words, _plain(value[0]), _plain(value[1]))
        else:
            yield Change(words, "", _plain(value))


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        shown = ", ".join(str(item) for item in value)
    elif isinstance(value, Mapping):
        shown = ", ".join(f"{key}: {item}" for key, item in value.items())
    else:
        shown = str(value)
    return shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"


def _read(cursor: str) -> tuple[datetime, UUID] | None:
    moment, _bar, key = cursor.partition("_")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))
        return (at, UUID(key)) if timezone.is_aware(at) else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
