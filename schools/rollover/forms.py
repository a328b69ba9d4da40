"""The forms of a sweep."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.academics.models import AcademicYear


class PlanForm(forms.Form):
    """From which year into which."""

    from_year: "forms.ModelChoiceField[AcademicYear]" = forms.ModelChoiceField(label=_("From"), queryset=None)
    to_year: "forms.ModelChoiceField[AcademicYear]" = forms.ModelChoiceField(label=_("To"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_year", "to_year"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = AcademicYear.objects.order_by("-starts_on")
