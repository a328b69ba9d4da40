"""What a form asks: pages of fields, as JSON that is checked, and the library of fields that admission understands.

A page is `{"title", "fields": […]}`, a field `{"key", "label", "kind", "required", "hint", "options", "when"}`; `when`
is `{"field", "is"}`: the field is asked only if the other one holds that answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, text
from core.errors import DomainError
from schools.admissions.choices import Kind

Field = dict[str, Any]
Page = dict[str, Any]
LEVEL = "grade_level"
MOST_FIELDS, MOST_PAGES = 80, 12
EARLIEST = date(1940, 1, 1)
LIBRARY: dict[str, tuple[Any, Kind, tuple[Any, ...]]] = {
    "first_name": (gettext_lazy("First name, as on the birth certificate"), Kind.TEXT, ()),
    "middle_name": (gettext_lazy("Middle name"), Kind.TEXT, ()),
    "last_name": (gettext_lazy("Last name"), Kind.TEXT, ()),
    "date_of_birth": (gettext_lazy("Date of birth"), Kind.DATE, ()),
    "sex": (gettext_lazy("Sex"), Kind.CHOICE, ("Female", "Male")),
    LEVEL: (gettext_lazy("Grade level applied for"), Kind.CHOICE, ()),
    "boarding": (gettext_lazy("Day or boarding"), Kind.CHOICE, ("Day", "Boarder")),
    "nationality": (gettext_lazy("Nationality"), Kind.TEXT, ()),
    "county": (gettext_lazy("Home county"), Kind.TEXT, ()),
    "birth_certificate": (gettext_lazy("Birth certificate number"), Kind.TEXT, ()),
    "upi": (gettext_lazy("UPI (NEMIS)"), Kind.TEXT, ()),
    "previous_school": (gettext_lazy("Present or last school"), Kind.TEXT, ()),
    "guardian_first_name": (gettext_lazy("Guardian’s first name"), Kind.TEXT, ()),
    "guardian_last_name": (gettext_lazy("Guardian’s last name"), Kind.TEXT, ()),
    "guardian_relationship": (
        gettext_lazy("Guardian is the child’s"), Kind.CHOICE, ("Mother", "Father", "Grandparent", "Guardian"),
    ),
    "guardian_phone": (gettext_lazy("Guardian’s phone"), Kind.PHONE, ()),
    "guardian_email": (gettext_lazy("Guardian’s e-mail"), Kind.EMAIL, ()),
    "guardian2_first_name": (gettext_lazy("Second guardian’s first name"), Kind.TEXT, ()),
    "guardian2_last_name": (gettext_lazy("Second guardian’s last name"), Kind.TEXT, ()),
    "guardian2_phone": (gettext_lazy("Second guardian’s phone"), Kind.PHONE, ()),
    "address": (gettext_lazy("Home address"), Kind.TEXT, ()),
    "town": (gettext_lazy("Town"), Kind.TEXT, ()),
    "conditions": (gettext_lazy("Illnesses we must know of"), Kind.LONG, ()),
    "allergies": (gettext_lazy("Allergies"), Kind.TEXT, ()),
    "need_note": (gettext_lazy("Special needs, and what helps"), Kind.LONG, ()),
    "birth_file": (gettext_lazy("Birth certificate (PDF or photo)"), Kind.FILE, ()),
    "report_file": (gettext_lazy("Last school report (PDF or photo)"), Kind.FILE, ()),
}  # fmt: skip
NEEDED = ("first_name", "last_name", LEVEL, "guardian_first_name", "guardian_phone")
_STANDARD: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("The child"), ("first_name", "middle_name", "last_name", "date_of_birth", "sex", LEVEL)),
    (
        gettext_lazy("The guardians"),
        (
            "guardian_first_name",
            "guardian_last_name",
            "guardian_relationship",
            "guardian_phone",
            "guardian_email",
            "town",
        ),
    ),
    (gettext_lazy("School and health"), ("previous_school", "conditions", "allergies", "birth_file", "report_file")),
)


def standard() -> list[Page]:
    """A form that most schools can open as it is."""
    return [
        {"title": str(title), "fields": [from_library(key, required=key in NEEDED) for key in keys]}
        for title, keys in _STANDARD
    ]


def from_library(key: str, *, required: bool = False) -> Field:
    """A field that the admission understands; raises DomainError for a name that is not in the library."""
    if key not in LIBRARY:
        raise DomainError(_("Choose a field of the list."), errors={"field": [_("Choose a field of the list.")]})
    label, kind, options = LIBRARY[key]
    return {"key": key, "label": str(label), "kind": str(kind), "required": required, "options": list(options)}


def fields(pages: Sequence[Page]) -> Iterator[Field]:
    """Every field, page by page."""
    for page in pages:
        yield from page["fields"]


def checked(pages: Sequence[Page]) -> list[Page]:
    """The definition if it holds together; raises DomainError with a sentence otherwise."""
    found = deepcopy(list(pages))
    every = list(fields(found))
    keys = [field["key"] for field in every]
    if len(found) > MOST_PAGES or len(every) > MOST_FIELDS:
        raise _wrong(_("A form has at most %(p)d pages and %(f)d fields.") % {"p": MOST_PAGES, "f": MOST_FIELDS})
    if len(set(keys)) != len(keys):
        raise _wrong(_("This field is in the form already."))
    seen: set[str] = set()
    for field in every:
        if field["kind"] == Kind.CHOICE and field["key"] != LEVEL and len(field.get("options") or ()) < 2:
            raise _wrong(_("“%(label)s” needs at least two answers to choose from.") % {"label": field["label"]})
        when = field.get("when")
        if when and when.get("field") not in seen:
            raise _wrong(_("“%(label)s” depends on a field that does not come before it.") % {"label": field["label"]})
        seen.add(field["key"])
    return found


def missing(pages: Sequence[Page]) -> list[str]:
    """The labels of fields without which nobody can be admitted, and that the form does not ask."""
    asked = {field["key"] for field in fields(pages)}
    return [str(LIBRARY[key][0]) for key in NEEDED if key not in asked]


def is_asked(field: Field, answers: Mapping[str, Any]) -> bool:
    """Whether a field applies, given the answers so far."""
    when = field.get("when")
    return not when or str(answers.get(when["field"], "")) == str(when["is"])


def read(page: Page, typed: Mapping[str, str], answers: Mapping[str, Any], levels: Mapping[str, str]) -> dict[str, Any]:
    """The answers of one page as they are kept; raises DomainError naming each field that is wrong or missing.

    Files are not read here. `levels` are the grade levels offered, id → name.
    """
    known = dict(answers)
    errors: dict[str, list[str]] = {}
    kept: dict[str, Any] = {}
    for field in page["fields"]:
        key = field["key"]
        if field["kind"] == Kind.FILE:
            continue
        if not is_asked(field, known):
            kept[key] = known[key] = ""
            continue
        value = typed.get(key, "").replace("\0", "").strip()
        try:
            kept[key] = known[key] = _value(field, value, levels)
        except ValueError as error:
            errors[key] = [str(error)]
        if not value and field.get("required"):
            errors[key] = [_("Fill this in.")]
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)
    return kept


def _value(field: Field, value: str, levels: Mapping[str, str]) -> str:
    if not value:
        return ""
    kind = field["kind"]
    if kind == Kind.LONG:
        return value[:4000]
    value = text.tidy(value)
    if len(value) > 300:
        raise ValueError(_("Write less than 300 letters."))
    if kind == Kind.CHOICE:
        offered = list(levels) if field["key"] == LEVEL else field.get("options", [])
        if value not in offered:
            raise ValueError(_("Choose one of the answers."))
    elif kind == Kind.YESNO and value not in ("yes", "no"):
        raise ValueError(_("Choose yes or no."))
    elif kind == Kind.NUMBER:
        _number(value)
    elif kind == Kind.DATE:
        return _day(field["key"], value)
    elif kind == Kind.PHONE:
        return _phone(value)
    elif kind == Kind.EMAIL:
        try:
            validate_email(value)
        except ValidationError:
            raise ValueError(_("This is not an e-mail address.")) from None
    return value


def _number(value: str) -> None:
    try:
        float(value)
    except ValueError:
        raise ValueError(_("Write a number.")) from None


def _day(key: str, value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(_("Write the date as year-month-day.")) from None
    if day < EARLIEST or (key == "date_of_birth" and day > clock.today()):
        raise ValueError(_("This date cannot be."))
    return day.isoformat()


def _phone(value: str) -> str:
    try:
        return text.phone(value)
    except ValueError:
        raise ValueError(_("This is not a phone number. Write it like 0722 418 093.")) from None


def _wrong(message: str) -> DomainError:
    return DomainError(message, errors={"pages": [message]})
