"""What happened to a student: the audit trail in words, and what other domains tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import dateparse, formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from audit.models import Entry
from identity.models import User
from schools.people import directory, policies
from schools.people.choices import IdentifierType
from schools.people.models import Guardian, Guardianship, Household, Staff, Student
from schools.people.templatetags.people import phone

LATEST = 12
WORDS: dict[str, tuple[str, StrOrPromise]] = {
    "student.admitted": ("plus", gettext_lazy("Admitted")),
    "student.changed": ("pen", gettext_lazy("Record changed")),
    "identifier.added": ("card", gettext_lazy("Number added")),
    "identifier.changed": ("card", gettext_lazy("Number corrected")),
    "identifier.removed": ("card", gettext_lazy("Number removed")),
    "guardianship.added": ("users", gettext_lazy("Guardian added")),
    "guardianship.changed": ("users", gettext_lazy("Guardian’s rights changed")),
    "guardianship.restricted": ("alert", gettext_lazy("Court restriction noted")),
    "guardianship.unrestricted": ("alert", gettext_lazy("Court restriction lifted")),
    "guardianship.removed": ("users", gettext_lazy("Guardian removed")),
    "photo.uploaded": ("camera", gettext_lazy("Photo uploaded")),
    "photo.refused": ("camera", gettext_lazy("Photo not usable")),
    "photo.removed": ("camera", gettext_lazy("Photo removed")),
    "guardian.added": ("plus", gettext_lazy("Added")),
    "guardian.changed": ("pen", gettext_lazy("Record changed")),
    "household.opened": ("home", gettext_lazy("Opened")),
    "household.changed": ("pen", gettext_lazy("Record changed")),
    "staff.added": ("plus", gettext_lazy("Added")),
    "staff.changed": ("pen", gettext_lazy("Record changed")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline, with the day written only where it changes."""

    at: datetime
    icon: str
    words: StrOrPromise
    note: StrOrPromise
    new_day: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an audited act, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Act:
    """One audited act in words."""

    at: datetime
    icon: str
    words: StrOrPromise
    by: str
    changes: list[Change]


def of_student(user: User, student: Student, limit: int = LATEST) -> list[Told]:
    """The newest moments that this user may know; the trail itself is for the office."""
    moments: list[directory.Moment] = []
    for source in directory.sources():
        moments += source(user, student, limit)
    if policies.may_see_trail(user):
        moments += [
            directory.Moment(act.at, act.icon, act.words, _note(act)) for act in trail(student, limit) if act.words
        ]
    moments.sort(key=lambda moment: moment.at, reverse=True)
    told: list[Told] = []
    day: date | None = None
    for moment in moments[:limit]:
        at = timezone.localtime(moment.at)
        told.append(Told(at, moment.icon, moment.words, moment.note, at.date() != day))
        day = at.date()
    return told


def trail(thing: Student | Guardian | Staff | Household, limit: int = 200) -> list[Act]:
    """Who changed what, newest first."""
    entries = Entry.objects.filter(object_type=thing._meta.label_lower, object_id=str(thing.pk)).order_by("-at", "-pk")
    return [_act(entry, thing) for entry in entries[:limit]]


def _act(entry: Entry, thing: Any) -> Act:
    icon, words = directory.words_of(entry.action) or WORDS.get(entry.action) or ("pen", entry.action)
    return Act(timezone.localtime(entry.at), icon, words, entry.actor_name, list(_changes(entry.changes, thing)))


def _changes(changes: Mapping[str, Any], thing: Any) -> Iterable[Change]:
    for name, value in changes.items():
        label = _label(name, thing)
        if isinstance(value, list) and len(value) == 2:
            yield Change(label, _word(name, value[0], thing), _word(name, value[1], thing))
        elif value not in (None, "", []):
            yield Change(label, "", _word(name, value, thing))


def _label(name: str, thing: Any) -> str:
    """A field's own words; other keys as their writer named them."""
    known = {
        "guardian": _("Guardian"),
        "class": _("Class"),
        "on": _("Day"),
        "size": _("Size"),
        "reason": _("Reason"),
        "why": _("Why"),
        "verified": _("Seen on paper"),
        "issued_on": _("Issued on"),
    }
    if name in known:
        return known[name]
    if name in IdentifierType.values:
        return str(IdentifierType(name).label)
    for model in (type(thing), Guardianship):
        fields = {field.name: field for field in model._meta.get_fields() if hasattr(field, "verbose_name")}
        if name in fields:
            text = str(fields[name].verbose_name)
            return text[:1].upper() + text[1:]
    return name.replace("_", " ").capitalize()


def _word(name: str, value: Any, thing: Any) -> str:
    """A value as people say it: yes and no, dates, phones, the words of choices."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "phone":
        return phone(str(value))
    for model in (type(thing), Guardianship):
        field = next((f for f in model._meta.fields if f.name == name), None)
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value))
    text = str(value)
    day = dateparse.parse_date(text) if len(text) == 10 else None
    return formats.date_format(day, "j M Y") if day else text


def _note(act: Act) -> str:
    """A line under the words: what changed and who did it; who is new has everything new, so only who did it."""
    if act.icon == "plus":
        return act.by
    said = [f"{c.label}: {c.before} → {c.after}" if c.before not in ("", "–") else c.after for c in act.changes[:3]]
    return " · ".join([*said, act.by])
