"""The forms of the academic structure's pages; what they accept is checked again by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from schools.academics import choices, queries
from schools.academics.models import GradeLevel, SchoolClass, Stream, Subject, TeachingGroup
from schools.people.choices import StaffStatus
from schools.people.models import Staff


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _teachers() -> Any:
    return Staff.objects.exclude(status=StaffStatus.LEFT)


class ClassForm(forms.Form):
    """A class's teacher, places and room."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    class_teacher: "forms.ModelChoiceField[Staff]" = forms.ModelChoiceField(
        label=_("Class teacher"), queryset=None, required=False
    )
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=500, required=False)
    room = forms.CharField(label=_("Room"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, class_teacher=_teachers())


class NewClassForm(ClassForm):
    """A class to open this year."""

    grade_level: "forms.ModelChoiceField[GradeLevel]" = forms.ModelChoiceField(label=_("Grade level"), queryset=None)
    stream: "forms.ModelChoiceField[Stream]" = forms.ModelChoiceField(label=_("Stream"), queryset=None, required=False)
    new_stream = forms.CharField(
        label=_("New stream"), max_length=40, required=False, help_text=_("Only when it is not in the list.")
    )
    field_order = ["grade_level", "stream", "new_stream", "name", "class_teacher", "capacity", "room"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, grade_level=GradeLevel.objects.all(), stream=Stream.objects.all())
        self.fields["name"].help_text = _("Grade level and stream, unless you write another.")


class MoveForm(forms.Form):
    """The class to move to, and from which day."""

    school_class: "forms.ModelChoiceField[SchoolClass]" = forms.ModelChoiceField(label=_("To class"), queryset=None)
    on = forms.DateField(label=_("From"), widget=_date(), initial=clock.today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, school_class=SchoolClass.objects.filter(year=queries.current_year()))


class LeaveForm(forms.Form):
    """Why somebody leaves the school, and the last day."""

    exit_code = forms.ChoiceField(
        label=_("Why"),
        choices=[
            (choices.ExitCode.TRANSFER_OUT.value, choices.ExitCode.TRANSFER_OUT.label),
            (choices.ExitCode.GRADUATED.value, choices.ExitCode.GRADUATED.label),
            (choices.ExitCode.LEFT.value, choices.ExitCode.LEFT.label),
        ],
    )
    on = forms.DateField(label=_("Last day"), widget=_date(), initial=clock.today)


class JoinForm(forms.Form):
    """The group of chosen members to join."""

    group: "forms.ModelChoiceField[TeachingGroup]" = forms.ModelChoiceField(label=_("Teaching group"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, group=TeachingGroup.objects.filter(year=queries.current_year(), school_class=None))


class SubjectForm(forms.ModelForm[Subject]):
    """A subject or learning area."""

    class Meta:
        model = Subject
        fields = ("name", "code", "short_name", "curriculum", "order", "is_active")

    def validate_unique(self) -> None:
        """Left to the service."""

    def validate_constraints(self) -> None:
        """Left to the service."""


class GroupForm(forms.Form):
    """A teaching group of a whole class."""

    subject: "forms.ModelChoiceField[Subject]" = forms.ModelChoiceField(label=_("Subject"), queryset=None)
    school_class: "forms.ModelChoiceField[SchoolClass]" = forms.ModelChoiceField(
        label=_("Class"), queryset=None, required=False
    )
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("Class and subject, unless you write another.")
    )
    teachers: "forms.ModelMultipleChoiceField[Staff]" = forms.ModelMultipleChoiceField(
        label=_("Teachers"), queryset=None, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(
            self,
            subject=Subject.objects.filter(is_active=True),
            school_class=SchoolClass.objects.filter(year=queries.current_year()),
            teachers=_teachers(),
        )

    def clean(self) -> dict[str, Any]:
        """A group that is no class's needs a name of its own."""
        data = super().clean() or {}
        if not data.get("school_class") and not data.get("name"):
            self.add_error("name", _("Choose a class, or give the group a name."))
        return data


class GroupChangeForm(forms.Form):
    """A group's name, teachers and members."""

    name = forms.CharField(label=_("Name"), max_length=80)
    teachers: "forms.ModelMultipleChoiceField[Staff]" = forms.ModelMultipleChoiceField(
        label=_("Teachers"), queryset=None, required=False
    )

    def __init__(self, *args: Any, group: TeachingGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, teachers=_teachers())
        self.fields["teachers"].initial = list(group.teachers.values_list("pk", flat=True))


def _offer(form: forms.Form, **rows: Any) -> None:
    """Give each choice field its rows; asked per request, inside the school."""
    for name, queryset in rows.items():
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset
