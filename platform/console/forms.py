"""What operators type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.entitlements import LIMITS
from tenants.models import School, SchoolKind
from tenants.plans import PLANS


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


class SignUpForm(NewSchoolForm):
    """What a head tells of a school that asks for itself; the service checks all of it."""

    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("For example 0722 418 093."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    plan = forms.ChoiceField(
        label=_("Plan"),
        choices=lambda: [(name, plan.label) for name, plan in PLANS.items()],
        initial="standard",
    )
    wants_example = forms.BooleanField(
        label=_("Start with example data"),
        required=False,
        help_text=_("About a hundred invented learners, their registers and marks, to look round with."),
    )
    website = forms.CharField(required=False, max_length=200)  # no person sees it: who fills it in is a program

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].help_text = " ".join(f"{plan.label}: {plan.meant_for}" for plan in PLANS.values())
        self.fields["head_email"].help_text = _("The letter with the link goes there.")


class RefuseForm(forms.Form):
    """Why a school is not taken in."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The head reads these words."))


class ReasonForm(forms.Form):
    """Why a school becomes read-only; its people read it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The people of the school read these words."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TypedForm(forms.Form):
    """A school's address, typed once more so that it is the right one."""

    typed = forms.CharField(
        label=_("Address, typed once more"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._wanted = self.wanted(school)
        self.fields["typed"].help_text = _("Type %(slug)s.") % {"slug": self._wanted}

    def wanted(self, school: School) -> str:
        """What must be typed."""
        return school.slug

    def clean_typed(self) -> str:
        """It is this school's."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed.lower() != self._wanted.lower():
            raise forms.ValidationError(_("This is not %(slug)s.") % {"slug": self._wanted})
        return typed


class SuspendForm(TypedForm, ReasonForm):
    """Why a school is closed or put away, and which."""

    field_order = ("reason", "typed")


class RenameForm(TypedForm):
    """A school's new address, and the old one once more."""

    slug = forms.CharField(
        label=_("New address"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens. The old address leads to the new one for good."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("slug", "typed")


class NamedForm(TypedForm):
    """The whole name of the school, typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"].label = _("Name of the school, typed")

    def wanted(self, school: School) -> str:
        """What must be typed."""
        return school.name


class EraseForm(NamedForm):
    """Why a school ends, and its whole name."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stands on the certificate. Name the contract or the letter, no person."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("reason", "typed")


class LimitForm(forms.Form):
    """One limit of a school."""

    limit = forms.ChoiceField(label=_("Limit"), choices=lambda: [(n, one.label) for n, one in LIMITS.items()])
    number = forms.IntegerField(
        label=_("Number"), required=False, min_value=1, help_text=_("Left empty, the usual holds again.")
    )
