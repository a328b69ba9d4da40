"""Answers to the school's own fields: read from what was typed, kept as JSON, said in words."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import dateparse, formats
from django.utils.translation import gettext as _

from core import text
from schools.details.choices import FieldKind
from schools.details.models import OwnField

LONGEST = {FieldKind.TEXT: 200, FieldKind.NOTE: 2000}


def kept(field: OwnField, given: Any) -> Any:
    """What is kept of an answer, None for none; raises ValueError with the sentence to show."""
    if field.kind == FieldKind.SEVERAL_OF:
        return _several(field, given)
    if isinstance(given, date):
        given = given.isoformat()
    if isinstance(given, bool):
        given = "yes" if given else "no"
    typed = str(given if given is not None else "").replace("\0", "").strip()
    return _READERS[FieldKind(field.kind)](field, typed) if typed else None


def said(field: OwnField, answer: Any) -> str:
    """An answer in words; empty for none."""
    if answer is None or answer == "" or answer == []:
        return ""
    if field.kind == FieldKind.YES_NO:
        return _("yes") if answer else _("no")
    if field.kind == FieldKind.DATE:
        day = dateparse.parse_date(str(answer))
        return formats.date_format(day, "j M Y") if day else str(answer)
    if field.kind == FieldKind.SEVERAL_OF:
        return ", ".join(map(str, answer))
    return str(answer)


def _text(field: OwnField, typed: str) -> str:
    tidy = text.tidy(typed) if field.kind == FieldKind.TEXT else typed
    most = LONGEST[FieldKind(field.kind)]
    if len(tidy) > most:
        raise ValueError(_("This is too long: %(most)s characters at most.") % {"most": most})
    return tidy


def _number(field: OwnField, typed: str) -> str:
    try:
        number = Decimal(typed.replace(",", ""))
    except InvalidOperation:
        raise ValueError(_("This is not a number.")) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise ValueError(_("This is not a number that can be kept."))
    return f"{number:f}"


def _date(field: OwnField, typed: str) -> str:
    try:
        day = dateparse.parse_date(typed)
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise ValueError(_("This is not a day. Write it like 2026-03-31."))
    return day.isoformat()


def _yes_no(field: OwnField, typed: str) -> bool:
    if typed not in ("yes", "no"):
        raise ValueError(_("Choose yes or no."))
    return typed == "yes"


def _one(field: OwnField, typed: str) -> str:
    if typed not in field.options:
        raise ValueError(_("Choose one of the list."))
    return typed


def _several(field: OwnField, given: Any) -> list[str] | None:
    values = [str(one) for one in given] if isinstance(given, (list, tuple)) else [given] if given else []
    if any(value not in field.options for value in values):
        raise ValueError(_("Choose from the list."))
    return [option for option in field.options if option in values] or None


_READERS = {
    FieldKind.TEXT: _text,
    FieldKind.NOTE: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.YES_NO: _yes_no,
    FieldKind.ONE_OF: _one,
}
