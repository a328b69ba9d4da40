"""Who asks for an absence, who decides, who may take one back."""

from identity import roles
from identity.models import User
from schools.absences.choices import State
from schools.absences.models import Absence
from schools.academics import queries as academics
from schools.people.models import Student


def may_read(user: User) -> bool:
    """Opens the page; whose absences is for `queries.visible_to`."""
    return user.has_role(*roles.OFFICE, roles.TEACHER, roles.GUARDIAN)


def may_ask(user: User) -> bool:
    """Asks for a child of their own, or records one for the school."""
    return user.has_role(*roles.OFFICE, roles.GUARDIAN)


def decides_at_once(user: User) -> bool:
    """What the office records stands at once."""
    return user.has_role(*roles.OFFICE)


def may_decide(user: User, student: Student) -> bool:
    """The office, and the teacher whose class the student is in."""
    if user.has_role(*roles.OFFICE):
        return True
    return user.has_role(roles.TEACHER) and academics.is_class_teacher_of(user, student)


def may_withdraw(user: User, absence: Absence) -> bool:
    """The office, or who asked while it has not begun to count."""
    if absence.state not in (State.ASKED, State.APPROVED):
        return False
    return user.has_role(*roles.OFFICE) or (absence.asked_by_id == user.pk and absence.is_open)
