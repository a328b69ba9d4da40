"""The forms of people's pages; what they accept is checked again by the services."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from identity.models import User
from schools.people import choices, queries, services
from schools.people.models import Guardian, Guardianship, Household, Staff, Student, StudentIdentifier

STANDING = [
    (choices.StudentStatus.ENROLLED.value, choices.StudentStatus.ENROLLED.label),
    (choices.StudentStatus.SUSPENDED.value, choices.StudentStatus.SUSPENDED.label),
]


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _given(form: forms.ModelForm[Any]) -> dict[str, Any]:
    """What was filled in, without the version that the form was drawn from."""
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def refuse(form: forms.BaseForm, error: DomainError) -> None:
    """Show a domain's refusal at the fields it names, or at the top of the form."""
    for name, messages in error.errors.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
    if not error.errors:
        form.add_error(None, error.message)


class SeveralForm(forms.Form):
    """What may be said of several students at once; what is left open stays as it is."""

    boarding = forms.ChoiceField(
        label=_("Day or boarding"), required=False, choices=[("", _("As it is")), *choices.Boarding.choices]
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("As it is")), *STANDING])

    def clean(self) -> dict[str, Any]:
        """Something must be said."""
        said = {name: value for name, value in (super().clean() or {}).items() if value}
        if not said and not self.errors:
            raise forms.ValidationError(_("Choose what to change."))
        return said


class StudentForm(forms.ModelForm[Student]):
    """What the office writes down of a student."""

    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = Student
        fields = (
            "first_name",
            "middle_name",
            "last_name",
            "admission_number",
            "admitted_on",
            "date_of_birth",
            "sex",
            "boarding",
            "nationality",
            "county",
        )
        widgets = {"admitted_on": _date(), "date_of_birth": _date()}

    def validate_unique(self) -> None:
        """Left to the service, which names the field and compares numbers without spaces and dashes."""

    def validate_constraints(self) -> None:
        """Left to the service."""

    def facts(self) -> services.StudentFacts:
        """What was filled in, for the service."""
        return cast(services.StudentFacts, _given(self))


class StudentChangeForm(StudentForm):
    """The same, with where the student stands now."""

    class Meta(StudentForm.Meta):
        fields = (*StudentForm.Meta.fields, "status")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.status in dict(STANDING):
            self.fields["status"] = forms.ChoiceField(label=_("Status"), choices=STANDING)
        else:
            del self.fields["status"]


class FirstGuardianForm(forms.Form):
    """The guardian who brings a new student; all of it may be left empty."""

    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("A guardian with this phone and name is found and linked, not written down twice."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    relationship = forms.ChoiceField(label=_("Relationship"), choices=choices.Relationship.choices, required=False)

    def clean(self) -> dict[str, Any]:
        """A phone or a surname needs a first name beside it."""
        data = super().clean() or {}
        if (data.get("phone") or data.get("last_name")) and not data.get("first_name"):
            self.add_error("first_name", _("Give the guardian's first name, or leave all of this empty."))
        return data


class IdentifierForm(forms.ModelForm[StudentIdentifier]):
    """One official number."""

    class Meta:
        model = StudentIdentifier
        fields = ("type", "value", "issued_on", "verified")
        widgets = {"issued_on": _date()}

    def validate_unique(self) -> None:
        """Left to the service."""

    def validate_constraints(self) -> None:
        """Left to the service."""


class GuardianForm(forms.ModelForm[Guardian]):
    """What is known of a guardian."""

    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )

    class Meta:
        model = Guardian
        fields = ("first_name", "middle_name", "last_name", "phone", "email", "language")

    def facts(self) -> services.GuardianFacts:
        """What was filled in, for the service."""
        return cast(services.GuardianFacts, _given(self))


class RightsForm(forms.ModelForm[Guardianship]):
    """What a guardian is to a student, and may do."""

    class Meta:
        model = Guardianship
        fields = ("relationship", "call_order", "fee_share", "sees_portal", "may_collect", "gets_messages")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call_order"] = forms.IntegerField(
            label=_("Call order"), min_value=1, max_value=20, initial=1, help_text=_("1 is called first.")
        )
        self.fields["fee_share"].required = False

    def clean_fee_share(self) -> int:
        """Nothing typed is nothing to pay."""
        return int(self.cleaned_data["fee_share"] or 0)

    def validate_unique(self) -> None:
        """Left to the service."""

    def validate_constraints(self) -> None:
        """Left to the service."""


class RestrictionForm(forms.ModelForm[Guardianship]):
    """What a court ordered."""

    class Meta:
        model = Guardianship
        fields = ("restricted_from", "restricted_until", "restriction")
        widgets = {"restricted_from": _date(), "restricted_until": _date()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["restricted_from"].required = True
        self.fields["restricted_until"].help_text = _("Empty while no end is known.")


class HouseholdForm(forms.ModelForm[Household]):
    """Where a family lives."""

    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )

    class Meta:
        model = Household
        fields = ("name", "address", "town", "county", "phone")

    def facts(self) -> services.HouseholdFacts:
        """What was filled in, for the service."""
        return cast(services.HouseholdFacts, _given(self))


class StaffForm(forms.ModelForm[Staff]):
    """What is known of a member of staff."""

    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )

    class Meta:
        model = Staff
        fields = (
            "first_name",
            "middle_name",
            "last_name",
            "staff_number",
            "tsc_number",
            "job_title",
            "sex",
            "phone",
            "email",
            "employed_on",
            "status",
        )
        widgets = {"employed_on": _date()}

    def validate_unique(self) -> None:
        """Left to the service."""

    def validate_constraints(self) -> None:
        """Left to the service."""

    def facts(self) -> services.StaffFacts:
        """What was filled in, for the service."""
        return cast(services.StaffFacts, _given(self))


class PhotoForm(forms.Form):
    """A portrait to upload."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG, WebP or AVIF, up to 12 MB. The face in the middle."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif", "data-max-mb": 12}),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a picture.")},
    )


class ChooseGuardianForm(forms.Form):
    """One of the guardians that a search found."""

    guardian: "forms.ModelChoiceField[Guardian]" = forms.ModelChoiceField(
        queryset=None, widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guardian"].queryset = queries.guardians_visible_to(user)  # type: ignore[attr-defined]
