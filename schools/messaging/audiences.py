"""Who can be meant by a message: each domain says how its own groups are called and whom they hold."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from core.errors import DomainError
from identity.models import User
from schools.people.models import Staff, Student

Options = Callable[[User], Sequence[tuple[str, str]]]
Students = Callable[[str], QuerySet[Student]]
StaffOf = Callable[[str], QuerySet[Staff]]


@dataclass(frozen=True, slots=True)
class Audience:
    """One way to say who is meant.

    `options` are the values that a user may choose, with their words; the empty value when there is nothing to choose.
    `students` and `staff` give who belongs to a value.
    """

    key: str
    label: StrOrPromise
    options: Options
    students: Students | None = None
    staff: StaffOf | None = None
    order: int = 50


_audiences: dict[str, Audience] = {}


def register(audience: Audience) -> None:
    """Add a way; called from AppConfig.ready()."""
    _audiences[audience.key] = audience


def offered(user: User) -> list[tuple[Audience, Sequence[tuple[str, str]]]]:
    """The ways in which this user may address people, each with its values."""
    found = [(one, one.options(user)) for one in sorted(_audiences.values(), key=lambda one: one.order)]
    return [(one, options) for one, options in found if options]


def words(audience: Iterable[Mapping[str, str]], user: User) -> list[str]:
    """What was chosen, in words."""
    names = {(one.key, value): (one, label) for one, options in offered(user) for value, label in options}
    found = []
    for row in audience:
        one, label = names.get((row["key"], row.get("value", "")), (_audiences.get(row["key"]), row.get("value", "")))
        found.append(label or (str(one.label) if one else row["key"]))
    return found


def check(audience: Any, user: User) -> list[dict[str, str]]:
    """The audience as it is stored; raises DomainError for what this user may not choose."""
    allowed = {(one.key, value) for one, options in offered(user) for value, _label in options}
    if not isinstance(audience, list) or not audience:
        message = _("Choose who is meant.")
        raise DomainError(message, errors={"audience": [message]})
    found = []
    for row in audience[:50]:
        pair = (str(row.get("key", "")), str(row.get("value", ""))) if isinstance(row, dict) else ("", "")
        if pair not in allowed:
            message = _("You cannot write to everybody you chose. Choose again.")
            raise DomainError(message, errors={"audience": [message]})
        found.append({"key": pair[0], "value": pair[1]})
    return found


def students_of(audience: Iterable[Mapping[str, str]]) -> QuerySet[Student]:
    """Everybody whom the chosen groups hold, each once."""
    among = Q()
    for row in audience:
        one = _audiences.get(row["key"])
        if one is not None and one.students is not None:
            among |= Q(pk__in=one.students(row.get("value", "")).order_by().values("pk"))
    return Student.objects.filter(among) if among else Student.objects.none()


def staff_of(audience: Iterable[Mapping[str, str]]) -> QuerySet[Staff]:
    """The staff whom the chosen groups hold, each once."""
    among = Q()
    for row in audience:
        one = _audiences.get(row["key"])
        if one is not None and one.staff is not None:
            among |= Q(pk__in=one.staff(row.get("value", "")).order_by().values("pk"))
    return Staff.objects.filter(among) if among else Staff.objects.none()


def identifier(value: str) -> UUID | None:
    """A value that names a row; None when it names nothing."""
    try:
        return UUID(value)
    except ValueError:
        return None
