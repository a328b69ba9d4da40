"""The forms of the office's pages; what they accept is checked again by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from schools.academics.models import AcademicYear, GradeLevel, SchoolClass
from schools.admissions import definition
from schools.admissions.choices import Kind
from schools.admissions.models import Application, Form
from schools.people import numbers


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _offer(bound: forms.BaseForm, /, **querysets: Any) -> None:
    for name, queryset in querysets.items():
        field = bound.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset


class NewForm(forms.Form):
    """A form to begin."""

    name = forms.CharField(label=_("Name"), max_length=80)
    year: "forms.ModelChoiceField[AcademicYear]" = forms.ModelChoiceField(label=_("Year applied for"), queryset=None)
    opens_on = forms.DateField(label=_("Opens on"), widget=_date(), initial=clock.today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, year=AcademicYear.objects.order_by("-starts_on"))


class SettingsForm(forms.ModelForm[Form]):
    """A form's name, words, days and levels."""

    grade_levels: "forms.ModelMultipleChoiceField[GradeLevel]" = forms.ModelMultipleChoiceField(
        label=_("Grade levels"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every grade level that has a class that year."),
    )  # fmt: skip
    field_order = ["name", "welcome", "grade_levels", "opens_on", "closes_on", "is_published"]

    class Meta:
        model = Form
        fields = ["name", "welcome", "opens_on", "closes_on", "is_published"]
        widgets = {"welcome": forms.Textarea(attrs={"rows": 4}), "opens_on": _date(), "closes_on": _date()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, grade_levels=GradeLevel.objects.all())
        self.initial["grade_levels"] = self.instance.levels


class LibraryField(forms.Form):
    """A field of the library, for a page."""

    page = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    field = forms.ChoiceField(label=_("Field"), choices=[])
    required = forms.BooleanField(label=_("Must be filled in"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["field"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, label) for key, (label, _kind, _options) in definition.LIBRARY.items()]


class OwnField(forms.Form):
    """A field of the school's own."""

    page = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    label = forms.CharField(label=_("Question"), max_length=120)
    kind = forms.ChoiceField(label=_("Answer"), choices=Kind.choices)
    options = forms.CharField(label=_("Answers to choose from"), required=False, max_length=600,
                              help_text=_("With commas between them."))  # fmt: skip
    hint = forms.CharField(label=_("Hint"), required=False, max_length=160)
    required = forms.BooleanField(label=_("Must be filled in"), required=False)
    when_field = forms.CharField(label=_("Only if the field"), required=False, max_length=40)
    when_is = forms.CharField(label=_("holds the answer"), required=False, max_length=120)


class BeginForm(forms.Form):
    """How a family begins."""

    email = forms.EmailField(
        label=_("Your e-mail"), required=False, help_text=_("We send you the link with which you go on later.")
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # people leave it empty; machines do not


class EnquiryForm(forms.Form):
    """Somebody who asked at the office."""

    form: "forms.ModelChoiceField[Form]" = forms.ModelChoiceField(label=_("Form"), queryset=None)
    first_name = forms.CharField(label=_("Child’s first name"), max_length=80)
    last_name = forms.CharField(label=_("Child’s last name"), max_length=80, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    grade_level: "forms.ModelChoiceField[GradeLevel]" = forms.ModelChoiceField(
        label=_("Grade level"), queryset=None, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, form=Form.objects.all(), grade_level=GradeLevel.objects.all())


class InterviewForm(forms.Form):
    """When and where."""

    when = forms.DateTimeField(
        label=_("Day and time"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    )
    place = forms.CharField(label=_("Where"), max_length=120)


class MarksForm(forms.Form):
    """Entrance marks, a line for each subject."""

    marks = forms.CharField(
        label=_("Entrance marks"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One subject in a line, with its per cent: English 72"),
    )  # fmt: skip

    def clean_marks(self) -> dict[str, float]:
        """Subject → per cent."""
        found: dict[str, float] = {}
        for line in str(self.cleaned_data["marks"]).splitlines():
            if not line.strip():
                continue
            subject, _space, number = line.strip().rpartition(" ")
            try:
                found[subject.strip()[:40]] = float(number)
            except ValueError:
                raise forms.ValidationError(
                    _("“%(line)s” is not a subject with a number."), params={"line": line}
                ) from None
            if not subject.strip():
                raise forms.ValidationError(_("“%(line)s” names no subject."), params={"line": line})
        return found


class OfferForm(forms.Form):
    """A place."""

    school_class: "forms.ModelChoiceField[SchoolClass]" = forms.ModelChoiceField(
        label=_("Class"), queryset=None, required=False, empty_label=_("Decided later")
    )
    until = forms.DateField(label=_("Stands until"), required=False, widget=_date())
    reason = forms.CharField(label=_("Reason, if no place is left"), required=False, max_length=300)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, school_class=_classes(application))


class AdmitForm(forms.Form):
    """Under which number, into which class, from which day."""

    admission_number = forms.CharField(label=_("Admission number"), max_length=30)
    school_class: "forms.ModelChoiceField[SchoolClass]" = forms.ModelChoiceField(label=_("Class"), queryset=None)
    on = forms.DateField(label=_("First day"), widget=_date())

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, school_class=_classes(application))
        numbers.offer(self, clock.now())


class LineForm(forms.Form):
    """A place in the waiting list by hand."""

    place = forms.IntegerField(label=_("Place"), min_value=1, max_value=999, required=False)
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)


def _classes(application: Application) -> Any:
    return SchoolClass.objects.filter(year=application.form.year, grade_level=application.grade_level)
