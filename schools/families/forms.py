"""The forms of the office's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RoundForm(forms.Form):
    """A new round of "confirm your details"."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as 2026, or the term."))
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The links work until this day."),
    )  # fmt: skip
