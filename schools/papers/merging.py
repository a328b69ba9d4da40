"""What the fields of a letter stand for; other domains may add their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from core import clock, scope
from identity import roles
from identity.models import User
from schools.academics import queries as academics
from schools.people import queries as people
from schools.people.models import Student
from web import school


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in braces, what it is, and its value for a student; empty when it is not known."""

    key: str
    label: StrOrPromise
    value: Callable[[Student], str]


_fields: dict[str, Field] = {}


def register(field: Field) -> None:
    """Add a field; the same key again replaces it."""
    _fields[field.key] = field


def every() -> list[Field]:
    """All fields, in the order in which they were registered."""
    return list(_fields.values())


def values(student: Student, keys: list[str], language: str) -> dict[str, str]:
    """The values of these fields for a student, in the letter's language; unknown fields are left out."""
    with translation.override(language):
        return {key: _fields[key].value(student).strip() for key in keys if key in _fields}


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _class(student: Student) -> str:
    """The class now, or the last one."""
    last = academics.history_of(student).first()
    return last.school_class.name if last else ""


def _guardian(student: Student) -> str:
    tie = people.first_guardians([student.pk]).get(student.pk)
    return tie.guardian.full_name if tie else ""


def head_name() -> str:
    """Who signs: the head of the school."""
    head = User.objects.filter(roles__contains=[roles.HEAD], is_active=True).order_by("created_at").first()
    return head.full_name if head else ""


def _place(student: Student) -> str:
    facts = school.current()
    return facts.place if facts else ""


for _field in (
    Field("student", _("Student’s full name"), lambda student: student.full_name),
    Field("first_name", _("Student’s first name"), lambda student: student.first_name),
    Field("admission_number", _("Admission number"), lambda student: student.admission_number),
    Field("date_of_birth", _("Date of birth"), lambda student: _day(student.date_of_birth)),
    Field("class", _("Class now, or the last one"), _class),
    Field("admitted_on", _("Admitted on"), lambda student: _day(student.admitted_on)),
    Field("left_on", _("Left on"), lambda student: _day(student.left_on)),
    Field("guardian", _("First guardian"), _guardian),
    Field("school", _("School"), lambda student: scope.current().name),
    Field("place", _("Place of the school"), _place),
    Field("head", _("Head of the school"), lambda student: head_name()),
    Field("today", _("Day of issue"), lambda student: _day(clock.today())),
):
    register(_field)
