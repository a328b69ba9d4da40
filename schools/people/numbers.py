"""Admission numbers given by the school: a higher domain knows the pattern and registers here."""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _

_known: list[Callable[[datetime], str]] = []


def register(following: Callable[[datetime], str]) -> None:
    """Let `following(at)` give the next free number, or empty when the school types its numbers itself."""
    if following not in _known:
        _known.append(following)


def following(at: datetime) -> str:
    """The number that the next student gets; empty when the school types its numbers itself."""
    return next((number for ask in _known if (number := ask(at))), "")


def offer(form: forms.Form | forms.ModelForm, at: datetime) -> None:  # type: ignore[type-arg]
    """Let a form's admission number stay empty where the school has a pattern, and say which number comes."""
    number = following(at)
    if number:
        field = form.fields["admission_number"]
        field.required = False
        field.help_text = _("Leave it empty for the next one, %(number)s.") % {"number": number}
