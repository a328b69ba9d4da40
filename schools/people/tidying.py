"""What may be said of a person, brought to one form and checked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core import clock, saving, text
from schools.people.models import Guardian, Household, Staff, Student

EARLIEST = date(1920, 1, 1)


def put(row: models.Model, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Put the tidied facts on a row; gives back field → [before, after] of those that differ."""
    return saving.put(row, {name: _in_one_form(name, value) for name, value in facts.items()})


def _in_one_form(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "email":
        return value.lower()
    return phone_or_as_typed(text.tidy(value)) if name == "phone" else value


def said_of(row: models.Model, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field → [None, value] of what is known of a new row, for its line in the trail."""
    known = {name: getattr(row, name) for name in facts if getattr(row, name) not in ("", None)}
    return {name: [None, str(value) if isinstance(value, models.Model) else value] for name, value in known.items()}


def phone_or_as_typed(value: str) -> str:
    """A phone number in E.164, or what was typed when it is none: the check names it."""
    try:
        return text.phone(value) if value else ""
    except ValueError:
        return value


def check_phone(errors: dict[str, list[str]], row: Guardian | Staff | Household) -> None:
    """Refuse what is no phone number."""
    if row.phone and not (row.phone.startswith("+") and row.phone[1:].isdigit()):
        errors["phone"] = [_("This is not a phone number. Write it like 0722 418 093, or with + and the country.")]


def check_dates(errors: dict[str, list[str]], row: models.Model, *names: str) -> None:
    """Refuse dates before anybody alive was born."""
    for name in names:
        value = getattr(row, name)
        if isinstance(value, date) and value < EARLIEST:
            errors[name] = [_("This date is too long ago.")]


def check_student(student: Student) -> None:
    """What must hold of a student by themselves; whether the number is taken is for whoever saves."""
    errors: dict[str, list[str]] = {}
    if not text.match_form(student.admission_number):
        errors["admission_number"] = [_("Give the admission number, with letters or digits.")]
    check_dates(errors, student, "date_of_birth", "admitted_on", "left_on")
    born, joined, left = student.date_of_birth, student.admitted_on, student.left_on
    if isinstance(born, date) and born > clock.today():
        errors["date_of_birth"] = [_("The date of birth is in the future.")]
    if isinstance(born, date) and isinstance(joined, date) and joined <= born:
        errors["admitted_on"] = [_("This is before the student was born.")]
    if isinstance(joined, date) and isinstance(left, date) and left < joined:
        errors["left_on"] = [_("This is before the student was admitted.")]
    saving.check(student, errors)
    student.refresh_search()
