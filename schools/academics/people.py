"""What academics adds to people's pages: class, grade, enrolment history, and the class in the admission form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from identity import roles
from identity.models import User
from schools.academics import policies, queries, services
from schools.academics.models import Enrolment, SchoolClass
from schools.bulk import kinds
from schools.people import directory
from schools.people.models import Staff, Student
from schools.records import policies as care

_NONE = SafeString('<span class="muted">–</span>')


def register() -> None:
    """Called once, when the apps are ready."""
    care.register_class_teacher(queries.is_class_teacher_of)
    directory.reach(roles.TEACHER, queries.students_of_staff)
    directory.column(
        directory.Column(
            "class", _("Class"), _classes, _class_cell, _class_name,
            order=20, css="c-class", sort=_class_order, under_name=True, in_head=True, link=_class_link,
        )
    )  # fmt: skip
    directory.filter_by(directory.Filter("class", _("Class"), _class_choices, _in_classes, roles.STAFF, order=10))
    directory.filter_by(directory.Filter("grade", _("Grade level"), _grade_choices, _in_grades, roles.STAFF, order=20))
    directory.act(directory.Act("move", _("Move class"), "swap", "academics:move", roles.OFFICE, order=60))
    directory.act(directory.Act("moves", _("Move class"), "swap", "academics:moves", roles.OFFICE, 60, bulk=True))
    directory.act(directory.Act("join", _("Join a group"), "users", "academics:join", roles.OFFICE, 65, bulk=True))
    directory.act(directory.Act("leaves", _("Leave"), "out", "academics:leave_all", roles.OFFICE, 70, bulk=True))
    kinds.register(kinds.Kind("academics.move", _("Class moved"), "swap"))
    kinds.register(kinds.Kind("academics.classes", _("Classes opened"), "register"))
    kinds.register(kinds.Kind("academics.assign", _("Teachers assigned"), "users"))
    kinds.register(kinds.Kind("academics.join", _("Teaching group joined"), "users"))
    kinds.register(kinds.Kind("academics.leave", _("School left"), "out"))
    directory.panel(
        directory.Panel("enrolments", "academics/panels/enrolments.html", _history, order=80, column="side")
    )
    directory.staff_panel(directory.StaffPanel("duties", "academics/panels/duties.html", _duties))
    directory.part(directory.Part("class", _class_form, _enrol, order=10))
    directory.headline("classes", _headline)
    directory.words("enrolment.created", "register", _("Joined a class"))
    directory.words("enrolment.moved", "swap", _("Moved to another class"))
    directory.words("enrolment.ended", "out", _("Left the class"))


def _classes(ids: Sequence[UUID]) -> Mapping[UUID, SchoolClass]:
    return queries.open_classes(ids)


def _class_cell(school_class: SchoolClass | None) -> str:
    return school_class.name if school_class else _NONE


def _class_name(school_class: SchoolClass | None) -> str:
    return school_class.name if school_class else ""


def _class_link(school_class: SchoolClass) -> str:
    return reverse("academics:class", args=[school_class.pk])


def _class_order() -> Subquery[Any]:
    present = Enrolment.objects.filter(student=OuterRef("pk"), ends_on=None)
    return Subquery(present.values("school_class__name")[:1])


def _class_choices(user: User) -> list[directory.Choice]:
    year = queries.current_year()
    return [directory.Choice(str(row.pk), row.name) for row in queries.visible_to(user).filter(year=year)]


def _in_classes(students: QuerySet[Student], values: Sequence[str]) -> QuerySet[Student]:
    wanted = _ids(values)
    present = Enrolment.objects.filter(ends_on=None, school_class__in=wanted).values("student")
    return students.filter(pk__in=present)


def _grade_choices(user: User) -> list[directory.Choice]:
    return [directory.Choice(row.code, row.name) for row in queries.grade_levels_in_use()]


def _in_grades(students: QuerySet[Student], values: Sequence[str]) -> QuerySet[Student]:
    wanted = [value.replace("\0", "") for value in values]
    present = Enrolment.objects.filter(ends_on=None, school_class__grade_level__code__in=wanted).values("student")
    return students.filter(pk__in=present)


def _ids(values: Sequence[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _headline(user: User) -> str:
    number = queries.visible_to(user).filter(year=queries.current_year()).count()
    return ngettext("%(n)s class", "%(n)s classes", number) % {"n": number}


def _history(request: HttpRequest, student: Student) -> dict[str, Any] | None:
    rows = list(queries.history_of(student))
    return {"enrolments": rows, "student": student} if rows else None


def _duties(request: HttpRequest, staff: Staff) -> dict[str, Any] | None:
    classes, groups = queries.duties_of(staff)
    return {"classes": classes, "groups": groups} if classes or groups else None


class ClassForm(forms.Form):
    """The class that a new student joins."""

    school_class: "forms.ModelChoiceField[SchoolClass]" = forms.ModelChoiceField(
        label=_("Class"), queryset=None, required=False, empty_label=_("None yet")
    )


def _class_form(data: Any, prefix: str, user: User) -> forms.Form:
    form = ClassForm(data, prefix=prefix)
    field = form.fields["school_class"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queries.visible_to(user).filter(year=queries.current_year())
    return form


def _enrol(student: Student, form: forms.Form, by: User, at: datetime) -> None:
    school_class = form.cleaned_data["school_class"]
    if school_class is None or not policies.may_enrol(by):
        return
    year = school_class.year
    joined = student.admitted_on or year.starts_on
    on = min(max(joined, year.starts_on), year.ends_on)
    services.enrol(student=student, school_class=school_class, on=on, by=by, at=at)
