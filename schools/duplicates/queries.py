"""What is read to judge a pair."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import formats

from core.errors import NotFound
from identity.models import User
from schools.bulk import undoing
from schools.duplicates import finding, related, services
from schools.duplicates.choices import Kind
from schools.people import queries as people
from schools.people.models import Guardian, Student
from schools.people.templatetags.people import phone


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the record, as both have it."""

    name: str
    label: str
    kept: str
    other: str
    proposed: bool

    @property
    def differs(self) -> bool:
        """Somebody has to choose."""
        return self.kept != self.other


@dataclass(frozen=True, slots=True)
class Moving:
    """How many of one thing hang on the record that goes, and what both have."""

    label: str
    words: str
    number: int
    clashes: Sequence[related.Clash]

    @property
    def asks(self) -> bool:
        """Both have one and they differ: somebody has to choose."""
        return any(not clash.same for clash in self.clashes)


def visible(user: User, kind: str) -> Any:
    """The records of a kind that this user sees."""
    return people.visible_to(user) if kind == Kind.STUDENT else people.guardians_visible_to(user)


def person_for(user: User, kind: str, pk: UUID) -> Student | Guardian:
    """One record of a kind; raises NotFound."""
    found: Student | Guardian | None = None
    if kind in Kind.values:
        found = visible(user, kind).select_related("household").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such record.")
    return found


def pairs_for(user: User, kind: str, about: UUID | None = None) -> list[tuple[finding.Pair, Any, Any]]:
    """The pairs that look like one person, each with both records, the likeliest first."""
    pairs = finding.pairs(kind, about=about)
    ids = {pk for pair in pairs for pk in (pair.first, pair.second)}
    rows = {row.pk: row for row in visible(user, kind).filter(pk__in=ids)}
    return [(pair, rows[pair.first], rows[pair.second]) for pair in pairs if pair.first in rows and pair.second in rows]


def lines(kind: str, kept: Student | Guardian, other: Student | Guardian) -> list[Line]:
    """Every field side by side; proposed is what only the other has, or the longer of two that begin alike."""
    found = []
    for name in services.FIELDS[kind]:
        mine, theirs = getattr(kept, name), getattr(other, name)
        label = str(type(kept)._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        found.append(
            Line(name, label[:1].upper() + label[1:], _said(kept, name), _said(other, name), _better(mine, theirs))
        )
    return found


def _better(mine: Any, theirs: Any) -> bool:
    if mine in ("", None, "U"):
        return theirs not in ("", None, "U")
    both_text = isinstance(mine, str) and isinstance(theirs, str)
    return both_text and len(theirs) > len(mine) and theirs.lower().startswith(mine.lower())


def _said(person: models.Model, name: str) -> str:
    value = getattr(person, name)
    if value in ("", None):
        return "–"
    if name == "phone":
        return phone(value)
    if hasattr(value, "isoformat"):
        return formats.date_format(value, "j M Y")
    shown = getattr(person, f"get_{name}_display", None)
    return str(shown() if shown else value)


def moving(kept: Student | Guardian, other: Student | Guardian) -> list[Moving]:
    """What hangs on the record that goes."""
    found = []
    for tie in related.ties_of(type(other)):
        number = tie.of(other).count()
        if number:
            found.append(Moving(tie.label, tie.words, number, related.clashes_of(tie, kept, other)))
    for field in related.groups_of(type(other)):
        number = field.model._default_manager.filter(**{field.name: other}).count()
        if number:
            found.append(Moving(field.model._meta.label, undoing.kind_of(field.model), number, ()))
    return found
