"""Which registers, marks and codes a user may read."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from identity import roles
from identity.models import User
from schools.academics.models import SchoolClass
from schools.attendance import lines, policies
from schools.attendance.choices import Code
from schools.attendance.models import AbsenceReason, AttendanceCode, AttendanceLog, AttendanceMark, Register, Rules
from schools.people import queries as people


def visible_to(user: User) -> QuerySet[Register]:
    """Registers of the whole school for the office, of their own classes for a teacher, of none for others."""
    registers = Register.objects.select_related("school_class", "taken_by")
    if policies.sees_all(user):
        return registers
    if user.has_role(roles.TEACHER):
        return registers.filter(school_class__in=policies.classes_taken_by(user).order_by().values("pk"))
    return registers.none()


def classes_visible_to(user: User) -> QuerySet[SchoolClass]:
    """Classes whose registers this user may read."""
    if policies.sees_all(user):
        return SchoolClass.objects.all()
    if user.has_role(roles.TEACHER):
        return policies.classes_taken_by(user)
    return SchoolClass.objects.none()


def marks_visible_to(user: User) -> QuerySet[AttendanceMark]:
    """Marks of the students that this user sees; the bursar's desk sees none."""
    marks = AttendanceMark.objects.select_related("register", "reason")
    if policies.sees_all(user):
        return marks
    if not user.has_role(roles.TEACHER, roles.GUARDIAN, roles.STUDENT):
        return marks.none()
    return marks.filter(student__in=people.visible_to(user).values("pk"))


def reasons() -> list[AbsenceReason]:
    """The reasons that a register offers."""
    return list(AbsenceReason.objects.filter(is_active=True))


def codes(user: User | None = None) -> list[AttendanceCode]:
    """The finer codes that are offered: all, or those that this user may give."""
    rows = AttendanceCode.objects.filter(is_active=True).exclude(code__in=Code.values)
    return [one for one in rows if user is None or lines.may_give(user, one)]


def all_codes() -> QuerySet[AttendanceCode]:
    """The school's whole list, the retired ones last."""
    return AttendanceCode.objects.order_by("-is_active", "order", "code")


def rules() -> Rules:
    """The school's times and rules; the usual ones while it has none of its own."""
    return Rules.objects.order_by("created_at").first() or Rules()


def find(school_class: SchoolClass, day: date, session: str) -> Register | None:
    """The register of a class, day and session, if it was opened."""
    return (
        Register.objects.filter(school_class=school_class, date=day, session=session)
        .select_related("taken_by", "school_class")
        .first()
    )


def marks_of(register: Register | None) -> dict[UUID, AttendanceMark]:
    """What a register says, by student."""
    if register is None:
        return {}
    return {
        m.student_id: m
        for m in register.marks.select_related("reason", "marked_by", "given", "teacher_given", "teacher")
    }


def marks_on(day: date, session: str, students: Collection[UUID] | None = None) -> QuerySet[AttendanceMark]:
    """The marks of a day's session with all that they name, of everybody or of some."""
    marks = AttendanceMark.objects.filter(register__date=day, register__session=session)
    marks = marks if students is None else marks.filter(student__in=students)
    return marks.select_related("student", "reason", "given", "teacher_given", "marked_by", "teacher")


def to_look_at(day: date, session: str) -> QuerySet[AttendanceMark]:
    """The marks of a day that are not simply "present", and those that the office made."""
    return marks_on(day, session).filter(~Q(code=Code.PRESENT) | Q(by_office=True))


def disagreements(register: Register | None) -> dict[UUID, AttendanceLog]:
    """What somebody else than the marker last said otherwise of each student in a register: applied or too late."""
    if register is None:
        return {}
    held = marks_of(register)
    found: dict[UUID, AttendanceLog] = {}
    for one in register.log.select_related("said_by").order_by("captured_at"):
        mark = held.get(one.student_id)
        if mark is not None and not mark.by_office and one.said_by_id != mark.marked_by_id and one.code != mark.code:
            found[one.student_id] = one
    return found
