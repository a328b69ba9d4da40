"""What the pages of planned absences hand in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.absences.choices import Part
from schools.attendance import queries as attendance
from schools.attendance.models import AbsenceReason, AttendanceCode


class AskForm(forms.Form):
    """From when to when, and why."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    part = forms.ChoiceField(label=_("Of each day"), choices=Part.choices)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    why = forms.CharField(label=_("What the school should know"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {one.code: one for one in attendance.reasons()}
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((code, _(one.name)) for code, one in self.reasons.items())]

    def facts(self) -> dict[str, Any]:
        """As the service takes them."""
        given = dict(self.cleaned_data)
        reason: AbsenceReason | None = self.reasons.get(given.pop("reason", ""))
        return {**given, "reason": reason}


class DecideForm(forms.Form):
    """The answer, with the code that registers will say."""

    do = forms.ChoiceField(choices=[("approve", "approve"), ("refuse", "refuse")])
    code = forms.CharField(required=False, max_length=4)
    answer = forms.CharField(required=False, max_length=200)

    def chosen(self) -> AttendanceCode | None:
        """The finer code that was chosen."""
        return next((one for one in attendance.codes() if one.code == self.cleaned_data["code"]), None)
