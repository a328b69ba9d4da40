"""What somebody types to enter, to come back in, and about themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.models import Language

LONGEST_PASSWORD = 1000
_PLAIN = {"autocapitalize": "none", "spellcheck": "false"}


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Username, e-mail or phone"),
        max_length=150,
        widget=forms.TextInput(attrs={**_PLAIN, "autocomplete": "username"}),
    )
    password = _password(_("Password"), "current-password")


class ForgotForm(forms.Form):
    """Whose password is to be chosen anew."""

    name = forms.CharField(
        label=_("Username, e-mail or phone"),
        max_length=150,
        widget=forms.TextInput(attrs={**_PLAIN, "autocomplete": "username"}),
    )


class ChoosePasswordForm(forms.Form):
    """A new password, typed twice because it is not shown."""

    password = _password(
        _("New password"), "new-password", _("10 characters or more. Three words together are easy to keep in mind.")
    )
    again = _password(_("The same once more"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        cleaned = super().clean() or {}
        if {"password", "again"} <= cleaned.keys() and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("This is not the same as above. Type both once more."))
        return cleaned


class ChangePasswordForm(ChoosePasswordForm):
    """A new password, with the one that holds until now."""

    current = _password(_("Your password until now"), "current-password")
    field_order = ("current", "password", "again")


class AccountForm(forms.Form):
    """What somebody says about themselves."""

    full_name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("For letters, and to choose a new password when the old one is forgotten."),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("For example 0722 418 093."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Pages and letters come in this language.")
    )


def refuse(form: forms.BaseForm, errors: Mapping[str, Sequence[str]], message: str) -> None:
    """Put a service's refusal where the person can correct it: beside its field, or at the top."""
    for field, messages in errors.items():
        form.add_error(field if field in form.fields else None, list(messages))
    if not errors:
        form.add_error(None, message)
