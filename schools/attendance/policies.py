"""Who may read and take registers."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from core import cache, clock
from identity import roles
from identity.models import Kind, User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.attendance.models import Register


def sees_all(user: User) -> bool:
    """Reads every register: the office, and programs that act for the school."""
    return user.kind == Kind.SERVICE or user.has_role(*roles.OFFICE)


def may_open_registers(user: User) -> bool:
    """Opens the register pages; which classes is for `queries.classes_visible_to`."""
    return user.has_role(roles.HEAD, roles.REGISTRAR, roles.TEACHER)


def may_set_rules(user: User) -> bool:
    """Says how absences are followed up."""
    return user.has_role(*roles.OFFICE)


def may_see_own(user: User) -> bool:
    """Reads a student's attendance; whose is for `people.queries.visible_to`."""
    return user.has_role(roles.HEAD, roles.REGISTRAR, roles.TEACHER, roles.GUARDIAN, roles.STUDENT)


def classes_taken_by(user: User, on: date | None = None) -> QuerySet[SchoolClass]:
    """The year's classes whose registers a teacher takes: in their care, or taught by them."""
    taught = academics.teaching_groups_of(user, on).filter(school_class__isnull=False).values("school_class")
    return SchoolClass.objects.filter(Q(pk__in=academics.classes_of(user, on).values("pk")) | Q(pk__in=taught))


def class_ids_taken_by(user: User) -> frozenset[UUID]:
    """The same as ids, remembered: every page of a teacher asks."""
    return cache.remember(
        f"attendance:taken-by:{user.pk}:{clock.today():%Y%m%d}",
        academics.IDS_SECONDS,
        lambda: frozenset(classes_taken_by(user).values_list("pk", flat=True)),
        room="academics",
    )


def can_mark_class(user: User, school_class: SchoolClass) -> bool:
    """Takes the registers of a class: the office, its class teacher, and those who teach it."""
    if sees_all(user):
        return True
    return user.has_role(roles.TEACHER) and classes_taken_by(user).filter(pk=school_class.pk).exists()


def can_mark(user: User, register: Register) -> bool:
    """Marks this register."""
    return can_mark_class(user, register.school_class)
