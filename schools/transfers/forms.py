"""The forms of transfers; what they accept is checked again by the services."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from identity.models import User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.people import numbers
from schools.people.models import Guardian, Student
from schools.transfers import queries


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AskForm(forms.Form):
    """Where a student goes, and what goes along."""

    school = forms.ChoiceField(label=gettext_lazy("School on this platform"), required=False)
    school_name = forms.CharField(
        label=gettext_lazy("Another school"), max_length=120, required=False,
        help_text=gettext_lazy("Where the school is not in the list: its name, for the transfer letter."),
    )  # fmt: skip
    last_day = forms.DateField(label=gettext_lazy("Last day here"), widget=_date())
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)
    consented_by: "forms.ModelChoiceField[Guardian]" = forms.ModelChoiceField(
        label=gettext_lazy("Guardian who agrees"), queryset=None
    )
    with_documents = forms.BooleanField(
        label=gettext_lazy("The documents in the file go along"), required=False, initial=True
    )
    with_care = forms.BooleanField(
        label=gettext_lazy("The care record goes along (the guardian agreed)"), required=False
    )

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [  # type: ignore[attr-defined]
            ("", _("None of these")), *((str(one.pk), one.name) for one in queries.schools()),
        ]  # fmt: skip
        field = self.fields["consented_by"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = student.guardians.order_by("first_name", "pk")

    def clean_school(self) -> UUID | None:
        """Its id."""
        return UUID(self.cleaned_data["school"]) if self.cleaned_data["school"] else None


class TakeInForm(forms.Form):
    """Where a student begins."""

    school_class: "forms.ModelChoiceField[SchoolClass]" = forms.ModelChoiceField(
        label=gettext_lazy("Class"), queryset=None
    )
    on = forms.DateField(label=gettext_lazy("First day here"), widget=_date())
    admission_number = forms.CharField(label=gettext_lazy("Admission number"), max_length=30)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school_class"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = academics.classes_now(user)
        numbers.offer(self, clock.now())


class FileForm(forms.Form):
    """A package that came as a file."""

    file = forms.FileField(label=gettext_lazy("Package (.zip)"), widget=forms.FileInput(attrs={"accept": ".zip"}))
