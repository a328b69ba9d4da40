"""The forms of the academic structure's pages; what they accept is checked again by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from schools.academics import choices, queries
from schools.academics.models import GradeLevel, SchoolClass, Stream, Subject, TeachingGroup
from schools.academics.services import TermPlan
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


MOST_TERMS = 4


class YearForm(forms.Form):
    """A school year to open: its days, and up to four terms."""

    name = forms.CharField(label=_("Year"), max_length=20)
    starts_on = forms.DateField(label=_("Starts on"), widget=_date())
    ends_on = forms.DateField(label=_("Ends on"), widget=_date())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_TERMS + 1):
            name = _("Term %(n)s") % {"n": number}
            self.fields[f"opens_{number}"] = forms.DateField(
                label=_("%(term)s opens on") % {"term": name}, widget=_date(), required=False
            )
            self.fields[f"closes_{number}"] = forms.DateField(
                label=_("%(term)s closes on") % {"term": name}, widget=_date(), required=False
            )
            self.fields[f"half_from_{number}"] = forms.DateField(
                label=_("Half-term from"), widget=_date(), required=False
            )
            self.fields[f"half_to_{number}"] = forms.DateField(label=_("Half-term to"), widget=_date(), required=False)

    def clean(self) -> dict[str, Any]:
        """A term has both its days; a year has at least one term."""
        found = super().clean() or {}
        plans: list[TermPlan] = []
        for number in range(1, MOST_TERMS + 1):
            opens, closes = found.get(f"opens_{number}"), found.get(f"closes_{number}")
            half = found.get(f"half_from_{number}"), found.get(f"half_to_{number}")
            if opens and closes:
                plans.append(TermPlan(str(_("Term %(n)s") % {"n": len(plans) + 1}), opens, closes, *half))
            elif opens or closes:
                self.add_error(f"closes_{number}", _("A term needs both its first and its last day."))
        if not plans and not self.errors:
            self.add_error("opens_1", _("A year has at least one term."))
        found["terms"] = plans
        return found

    def facts(self) -> dict[str, Any]:
        """What the service asks for."""
        return {name: self.cleaned_data[name] for name in ("name", "starts_on", "ends_on", "terms")}


class HolidayForm(forms.Form):
    """Days without school."""

    name = forms.CharField(label=_("Holiday"), max_length=80)
    starts_on = forms.DateField(label=_("From"), widget=_date())
    ends_on = forms.DateField(label=_("To"), widget=_date())


class LevelForm(forms.Form):
    """A step of the ladder."""

    name = forms.CharField(label=_("Name"), max_length=40)
    code = forms.CharField(label=_("Code"), max_length=10)
    order = forms.IntegerField(label=_("Place"), min_value=0, max_value=30000)
    curriculum = forms.ChoiceField(label=_("Curriculum"), choices=choices.Curriculum.choices)


class StreamForm(forms.Form):
    """A parallel."""

    name = forms.CharField(label=_("Name"), max_length=40)
    order = forms.IntegerField(label=_("Place"), min_value=0, max_value=30000, initial=0)


class AssignForm(forms.Form):
    """The teacher of each subject of one class."""

    def __init__(self, data: Any = None, *, school_class: SchoolClass) -> None:
        super().__init__(data)
        held: dict[Any, TeachingGroup] = {}
        for group in TeachingGroup.objects.filter(school_class=school_class).prefetch_related("teachers"):
            held[group.subject_id] = group
        own = Subject.objects.filter(is_active=True, curriculum=school_class.grade_level.curriculum)
        self._subjects = {f"s-{one.pk}": one for one in own | Subject.objects.filter(pk__in=held)}
        working = Staff.objects.exclude(status=StaffStatus.LEFT).order_by("first_name", "last_name", "pk")
        self._staff = {str(one.pk): one for one in working}
        offered = [("", _("Nobody")), *((pk, one.short_name) for pk, one in self._staff.items())]
        for name, subject in self._subjects.items():
            known = held.get(subject.pk)
            teachers = list(known.teachers.all()) if known is not None else []
            # A subject with several teachers is changed on its group's own page.
            if len(teachers) > 1:
                continue
            first = str(teachers[0].pk) if teachers else ""
            self.fields[name] = forms.ChoiceField(label=subject.name, choices=offered, required=False, initial=first)

    def teachers(self) -> dict[Subject, Staff | None]:
        """What was chosen; a subject that was not sent stays as it is."""
        sent = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        return {self._subjects[name]: self._staff.get(value) for name, value in sent.items()}
