"""The forms of employment and leave; what they accept is checked again by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.leaves import queries
from schools.leaves.models import Employment, Leave, LeaveType
from schools.people.models import Staff


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class EmploymentForm(forms.ModelForm[Employment]):
    """What somebody is employed as."""

    class Meta:
        model = Employment
        fields = ("job_title", "department", "terms", "employer", "hours", "starts_on", "ends_on", "reason")
        widgets = {"starts_on": _date(), "ends_on": _date()}

    def validate_constraints(self) -> None:
        """Left to the service."""


class TypeForm(forms.ModelForm[LeaveType]):
    """A kind of leave."""

    class Meta:
        model = LeaveType
        fields = ("name", "days", "counting", "carry_over", "notice_days", "needs_document", "paid", "retired")

    def validate_constraints(self) -> None:
        """Left to the service."""


class AskForm(forms.ModelForm[Leave]):
    """A request for leave."""

    type: "forms.ModelChoiceField[LeaveType]" = forms.ModelChoiceField(
        label=_("Kind of leave"), queryset=None, empty_label=None
    )

    class Meta:
        model = Leave
        fields = ("starts_on", "ends_on", "half_first", "half_last", "why", "cover")
        widgets = {"starts_on": _date(), "ends_on": _date()}

    def __init__(self, *args: Any, for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["type"]
        assert isinstance(kind, forms.ModelChoiceField)
        kind.queryset = queries.types()
        if for_others:
            self.fields["staff"] = forms.ModelChoiceField(
                label=_("For"), queryset=queries.working(), required=False, empty_label=_("Myself")
            )
            self.fields["beyond"] = forms.BooleanField(
                label=_("In spite of notice and balance"), required=False,
                help_text=_("For somebody who fell ill, or with the board’s consent."),
            )  # fmt: skip
            self.order_fields(["staff", "type"])

    def validate_constraints(self) -> None:
        """Left to the service."""

    def chosen_staff(self) -> Staff | None:
        """For whom the office asks; None for oneself."""
        found: Staff | None = self.cleaned_data.pop("staff", None)
        return found
