"""Classes, subjects, teaching groups and enrolments as files, with the rights of their pages."""

from collections.abc import Sequence
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.models import User
from schools.academics import policies, queries
from schools.exports import sheets
from schools.people.lists import in_batches


def register() -> None:
    """Called once, when the apps are ready."""
    may = policies.may_list_classes
    sheets.register(sheets.Sheet("classes", gettext_lazy("Classes"), may, classes))
    sheets.register(sheets.Sheet("subjects", gettext_lazy("Subjects"), may, subjects))
    sheets.register(sheets.Sheet("teaching-groups", gettext_lazy("Teaching groups"), may, groups))
    sheets.register(sheets.Sheet("enrolments", gettext_lazy("Enrolments"), may, enrolments))


def classes(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """This year's classes with teacher, places and numbers."""
    rows = [
        [c.name, str(c.grade_level), str(c.stream or ""), str(c.class_teacher or ""), c.room, c.capacity,
         getattr(c, "learners", 0)]
        for c in queries.classes_now(user)
    ]  # fmt: skip
    head = [
        _("Class"), _("Grade level"), _("Stream"), _("Class teacher"), _("Room"), _("Places"), _("Learners"),
    ]  # fmt: skip
    return sheets.Table(head, [rows], (4, 3, 2, 4, 2, 2, 2), str(queries.current_year() or ""), frozenset({5, 6}))


def subjects(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """What the school teaches."""
    found = queries.subjects_visible_to(user)
    if asked.get("all") != "1":
        found = found.filter(is_active=True)
    rows = [[s.code, s.name, s.short_name, str(s.get_curriculum_display()), s.is_active] for s in found]
    head = [_("Code"), _("Subject"), _("Short name"), _("Curriculum"), _("Taught now")]
    return sheets.Table(head, [rows], (2, 5, 2, 2, 2))


def groups(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """This year's teaching groups and who teaches them."""
    found = queries.teaching_groups_visible_to(user).filter(year=queries.current_year()).prefetch_related("teachers")
    rows = [
        [g.name, str(g.subject), str(g.school_class or _("chosen members")), ", ".join(map(str, g.teachers.all()))]
        for g in found.order_by("school_class__grade_level__order", "school_class__name", "subject__order", "name")
    ]
    head = [_("Teaching group"), _("Subject"), _("Class"), _("Teachers")]
    return sheets.Table(head, [rows], (5, 3, 3, 4), str(queries.current_year() or ""))


def enrolments(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """Who was in which class, from when to when, and why they came and went; `?class=` narrows it to one."""
    found = queries.enrolments_visible_to(user).order_by("school_class__name", "student__first_name", "pk")
    wanted = [pk for value in asked.getlist("class") if (pk := _id(value))]
    if wanted:
        found = found.filter(school_class__in=wanted)
    rows = (
        [
            [
                e.student.admission_number, e.student.full_name, e.school_class.name, e.starts_on, e.ends_on,
                str(e.get_entry_code_display()), str(e.get_exit_code_display()),
            ]
            for e in batch
        ]
        for batch in in_batches(found)
    )  # fmt: skip
    head = [
        _("Admission number"), _("Student"), _("Class"), _("From"), _("To"), _("Joined because"), _("Left because"),
    ]  # fmt: skip
    return sheets.Table(head, rows, (2, 5, 3, 2, 2, 3, 3))


def _id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
