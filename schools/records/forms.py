"""The forms of a student's file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.people.models import Guardian, Student
from schools.records import choices
from schools.records.models import Care


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CareForm(forms.ModelForm[Care]):
    """The care record."""

    class Meta:
        model = Care
        fields = [
            "allergies", "conditions", "medicines", "blood_group", "doctor", "need", "need_note", "religion",
        ]  # fmt: skip
        widgets = {
            "conditions": forms.Textarea(attrs={"rows": 3}),
            "need_note": forms.Textarea(attrs={"rows": 3}),
        }


class AlertForm(forms.Form):
    """A word that stands out."""

    text = forms.CharField(label=_("What to know"), max_length=120)
    severity = forms.ChoiceField(label=_("Severity"), choices=choices.Severity.choices)
    audience = forms.ChoiceField(label=_("Seen by"), choices=choices.Audience.choices)
    until = forms.DateField(label=_("Until"), required=False, widget=_date())


class DocumentForm(forms.Form):
    """A paper for the file."""

    kind = forms.ChoiceField(label=_("Kind"), choices=choices.DocumentKind.choices)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    file = forms.FileField(label=_("File"), help_text=_("PDF, JPEG or PNG."))
    expires_on = forms.DateField(label=_("Expires on"), required=False, widget=_date())


class AnswerForm(forms.Form):
    """A guardian's answer to one purpose."""

    purpose = forms.ChoiceField(choices=choices.Purpose.choices)
    given = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
    guardian: "forms.ModelChoiceField[Guardian]" = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["guardian"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = student.guardians.all()
