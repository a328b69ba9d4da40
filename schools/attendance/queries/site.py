"""Who is on the school's ground: for a fire, a visit, a count."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from schools.academics import queries as academics
from schools.attendance.choices import Code, Scope, Session
from schools.attendance.models import AttendanceMark
from schools.attendance.queries.figures import HERE
from schools.people.models import Student

ON_SITE = (Scope.ONSITE, Scope.ONSITE_LATE)


@dataclass(frozen=True, slots=True)
class ClassOnSite:
    """One class: who is there, and of whom nothing is known."""

    class_id: UUID
    name: str
    teacher: str
    here: list[Student]
    unknown: list[Student]


def on_site(day: date, now: time) -> list[ClassOnSite]:
    """Every class of the day; the newest roll call of a learner decides, and who has left by `now` is not there."""
    newest: dict[UUID, AttendanceMark] = {}
    marks = AttendanceMark.objects.filter(register__date=day).select_related("register", "given")
    for mark in sorted(marks, key=lambda one: one.register.session == Session.AFTERNOON):
        newest[mark.student_id] = mark
    classes: dict[UUID, ClassOnSite] = {}
    inside = academics.enrolled_on(day).select_related("student", "school_class__class_teacher")
    rows = inside.order_by("school_class__name", "student__first_name", "student__last_name", "student")
    for one in rows:
        teacher = one.school_class.class_teacher
        found = classes.setdefault(
            one.school_class_id,
            ClassOnSite(one.school_class_id, one.school_class.name, teacher.short_name if teacher else "", [], []),
        )
        mark_of = newest.get(one.student_id)
        if mark_of is None:
            found.unknown.append(one.student)
        elif is_here(mark_of, now):
            found.here.append(one.student)
    return list(classes.values())


def is_here(mark: AttendanceMark, now: time) -> bool:
    """Whether a mark says that somebody is on the ground at a time of its day."""
    if mark.left_at is not None and mark.left_at <= now:
        return False
    if mark.given is not None:
        return mark.given.scope in ON_SITE or (mark.given.scope == Scope.OFFSITE_LEFT and mark.left_at is not None)
    return Code(mark.code) in HERE
