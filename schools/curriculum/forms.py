"""The forms of curricula, options and courses; what they accept is checked again by the services."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools.academics import queries
from schools.academics.models import AcademicYear, GradeLevel, Subject, TeachingGroup, Term
from schools.curriculum import catalogue
from schools.curriculum.choices import Standing, Taking
from schools.curriculum.models import Block, Course, Option, Version


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class NameForm(forms.Form):
    """The name of a copy."""

    name = forms.CharField(label=gettext_lazy("Name of the new version"), max_length=60)


class LinesForm(forms.Form):
    """A draft, one subject on a line."""

    lines = forms.CharField(
        label=gettext_lazy("Lines"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 24}),
        help_text=gettext_lazy("Grade level; code; name; core or option; lessons a week. One subject on a line."),
    )  # fmt: skip

    def clean_lines(self) -> list[dict[str, Any]]:
        """Each line in its parts; says which line cannot be read."""
        found = []
        for number, line in enumerate(str(self.cleaned_data["lines"]).splitlines(), 1):
            parts = [part.strip() for part in line.split(";")]
            if not any(parts):
                continue
            level, code, name, kind, lessons = (*parts, "", "", "", "", "")[:5]
            if kind.lower() not in ("core", "option", "") or (lessons and not lessons.isdigit()) or len(parts) > 5:
                raise forms.ValidationError(_("Line %(n)s cannot be read.") % {"n": number})
            found.append(
                catalogue.line(
                    level[:10], code[:20], name[:120], core=kind.lower() != "option",
                    lessons=int(lessons[:3]) if lessons else None,
                )
            )  # fmt: skip
        return found

    @staticmethod
    def of(version: Version) -> str:
        """The lines of a version as they are typed."""
        return "\n".join(
            "; ".join(
                [line["level"], line["code"], line["name"], "core" if line["core"] else "option",
                 "" if line["lessons"] is None else str(line["lessons"])]
            )
            for line in version.lines
        )  # fmt: skip


class FollowForm(forms.Form):
    """Which version a grade level follows."""

    version: "forms.ModelChoiceField[Version]" = forms.ModelChoiceField(label=gettext_lazy("Version"), queryset=None)
    grade_level: "forms.ModelChoiceField[GradeLevel]" = forms.ModelChoiceField(
        label=gettext_lazy("Grade level"), queryset=None
    )
    year: "forms.ModelChoiceField[AcademicYear]" = forms.ModelChoiceField(
        label=gettext_lazy("School year"), queryset=None
    )
    add_missing = forms.BooleanField(label=gettext_lazy("Add the subjects that the school lacks"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(
            self, version=Version.objects.filter(standing=Standing.PUBLISHED), grade_level=GradeLevel.objects.all(),
            year=AcademicYear.objects.order_by("-starts_on"),
        )  # fmt: skip


class BlockForm(forms.ModelForm[Block]):
    """A block of options."""

    year: "forms.ModelChoiceField[AcademicYear]" = forms.ModelChoiceField(
        label=gettext_lazy("School year"), queryset=None
    )
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Grade levels that choose"), choices=(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Block
        fields = ("name", "levels", "least", "most", "opens_on", "closes_on")
        widgets = {"opens_on": _date(), "closes_on": _date()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["levels"].choices = [(one.code, one.name) for one in GradeLevel.objects.order_by("order")]  # type: ignore[attr-defined]
        _offer(self, year=AcademicYear.objects.order_by("-starts_on"))
        self.initial["year"] = self.instance.year_id or queries.current_year()

    def validate_constraints(self) -> None:
        """Left to the service."""


class OptionForm(forms.ModelForm[Option]):
    """One option."""

    subject: "forms.ModelChoiceField[Subject]" = forms.ModelChoiceField(
        label=gettext_lazy("Subject"), queryset=None, required=False
    )
    group: "forms.ModelChoiceField[TeachingGroup]" = forms.ModelChoiceField(
        label=gettext_lazy("Teaching group of those who are placed"), queryset=None, required=False
    )

    class Meta:
        model = Option
        fields = ("name", "pathway", "capacity")

    def __init__(self, *args: Any, block: Block, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = TeachingGroup.objects.filter(year=block.year, school_class=None).order_by("name")
        _offer(self, subject=Subject.objects.all(), group=groups)
        self.initial.update(subject=self.instance.subject_id, group=self.instance.group_id)

    def validate_unique(self) -> None:
        """Left to the service."""

    def validate_constraints(self) -> None:
        """Left to the service."""


class CourseForm(forms.ModelForm[Course]):
    """A course."""

    before: "forms.ModelMultipleChoiceField[Course]" = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Must be passed before"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Course
        fields = ("programme", "code", "name", "credits")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Course.objects.exclude(pk=self.instance.pk) if self.instance.pk else Course.objects.all()
        _offer(self, before=others)
        self.fields["before"].initial = [UUID(pk) for pk in self.instance.before]

    def clean_before(self) -> list[UUID]:
        """Their ids."""
        return [course.pk for course in self.cleaned_data["before"]]

    def validate_constraints(self) -> None:
        """Left to the service."""


class TakeForm(forms.Form):
    """A course for one student."""

    course: "forms.ModelChoiceField[Course]" = forms.ModelChoiceField(label=gettext_lazy("Course"), queryset=None)
    term: "forms.ModelChoiceField[Term]" = forms.ModelChoiceField(label=gettext_lazy("Term"), queryset=None)
    beyond = forms.BooleanField(label=gettext_lazy("In spite of prerequisites and credits"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, course=Course.objects.all(), term=Term.objects.select_related("year").order_by("-starts_on"))


class RecordForm(forms.Form):
    """How a course went."""

    state = forms.ChoiceField(choices=[one for one in Taking.choices if one[0] != Taking.ENROLLED])
    grade = forms.CharField(max_length=8, required=False)


def _offer(form: forms.BaseForm, /, **querysets: Any) -> None:
    for name, queryset in querysets.items():
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset
