"""What operators type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.models import School, SchoolKind


class NewSchoolForm(forms.Form):
    """A school to set up; the service checks the address and the name."""

    name = forms.CharField(
        label=_("Name of the school"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=60,
        required=False,
        help_text=_("Small letters, digits and hyphens. Left empty, it is made from the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SchoolKind.choices, initial=SchoolKind.BASIC)
    head_name = forms.CharField(
        label=_("Head's name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    head_email = forms.EmailField(
        label=_("Head's e-mail"),
        help_text=_("The invitation to choose a password goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """Why a school becomes read-only; its people read it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The people of the school read these words."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SuspendForm(ReasonForm):
    """Why a school is closed, and its address typed once more so that it is the right one."""

    typed = forms.CharField(
        label=_("Address, typed once more"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slug = school.slug
        self.fields["typed"].help_text = _("Type %(slug)s.") % {"slug": school.slug}

    def clean_typed(self) -> str:
        """It is this school's."""
        typed: str = self.cleaned_data["typed"].strip().lower()
        if typed != self._slug:
            raise forms.ValidationError(_("This is not %(slug)s.") % {"slug": self._slug})
        return typed
