"""What a guardian may propose, and how a proposed value is read, shown and written.

Another domain adds its own fields by `register`; people's are here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import dateparse, formats

from audit import recording as audit
from schools.families.choices import About
from schools.people import services as people
from schools.people.models import Guardian, Household, Student
from schools.people.templatetags.people import phone

Write = Callable[[Any, dict[str, Any], "audit.Actor | None", datetime], Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of record: its fields in order, and the service that writes accepted ones."""

    about: About
    model: type[models.Model]
    fields: Sequence[str]
    write: Write


def _student(row: Student, facts: dict[str, Any], by: audit.Actor | None, at: datetime) -> Student:
    return people.change_student(student=row, by=by, at=at, **facts)


def _guardian(row: Guardian, facts: dict[str, Any], by: audit.Actor | None, at: datetime) -> Guardian:
    return people.change_guardian(guardian=row, by=by, at=at, **facts)


def _household(row: Household, facts: dict[str, Any], by: audit.Actor | None, at: datetime) -> Household:
    return people.change_household(household=row, by=by, at=at, **facts)


SUBJECTS = {
    About.GUARDIAN: Subject(
        About.GUARDIAN, Guardian, ("first_name", "middle_name", "last_name", "phone", "email", "language"), _guardian
    ),
    About.HOUSEHOLD: Subject(About.HOUSEHOLD, Household, ("address", "town", "county", "phone"), _household),
    About.STUDENT: Subject(
        About.STUDENT, Student,
        ("first_name", "middle_name", "last_name", "date_of_birth", "nationality", "county"), _student,
    ),
}  # fmt: skip


def subject(about: str) -> Subject:
    """The kind of this name."""
    return SUBJECTS[About(about)]


def form_for(about: str, row: models.Model, data: Any = None, prefix: str = "") -> forms.ModelForm[Any]:
    """A form of the fields that may be proposed; it never saves."""
    kind = subject(about)

    class Proposed(forms.ModelForm):  # type: ignore[type-arg]
        class Meta:
            model = kind.model
            fields = kind.fields
            widgets = {"date_of_birth": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

        def validate_unique(self) -> None:
            """Left to the service that writes."""

        def validate_constraints(self) -> None:
            """Left to the service that writes."""

    form = Proposed(data, instance=row, prefix=prefix)
    for name in ("phone", "email"):
        if name in form.fields:
            form.fields[name].widget.attrs.update({"type": "tel" if name == "phone" else "email"})
    return form


def stored(value: Any) -> str:
    """A value as a proposal keeps it."""
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def read(about: str, name: str, value: str) -> Any:
    """A kept value as the field wants it."""
    field = subject(about).model._meta.get_field(name)
    if isinstance(field, models.DateField):
        return dateparse.parse_date(value) if value else None
    return value


def label(about: str, name: str) -> str:
    """The field's own words."""
    try:
        words = str(subject(about).model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        words = name
    return words[:1].upper() + words[1:]


def said(about: str, name: str, value: str) -> str:
    """A kept value in words."""
    if not value:
        return "–"
    field: Any = subject(about).model._meta.get_field(name)
    if isinstance(field, models.DateField):
        day = dateparse.parse_date(value)
        return formats.date_format(day, "j M Y") if day else value
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return phone(value) if name == "phone" else value
