"""Which planned absences a user reads."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.errors import NotFound
from identity import roles
from identity.models import User
from schools.absences.choices import Part, State
from schools.absences.models import Absence
from schools.academics import queries as academics
from schools.people import queries as people
from schools.people.models import Student


def visible_to(user: User) -> QuerySet[Absence]:
    """All for the office; for others those of the students whom they teach, or who are their own children."""
    rows = Absence.objects.select_related("student", "reason", "code", "asked_by", "decided_by")
    if user.has_role(*roles.OFFICE):
        return rows
    if not user.has_role(roles.TEACHER, roles.GUARDIAN):
        return rows.none()
    return rows.filter(student__in=people.visible_to(user).order_by().values("pk"))


def absence_for(user: User, pk: UUID) -> Absence:
    """One of them; raises NotFound."""
    found = visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such absence among those you may read."))
    return found


def to_decide(user: User) -> QuerySet[Absence]:
    """Those that wait for this user: the office sees all, a teacher those of the own classes."""
    waiting = visible_to(user).filter(state=State.ASKED).order_by("starts_on", "pk")
    if user.has_role(*roles.OFFICE):
        return waiting
    if not user.has_role(roles.TEACHER):
        return waiting.none()
    inside = academics.enrolled_on(clock.today()).filter(school_class__in=academics.class_ids_of(user))
    return waiting.filter(student__in=inside.values("student"))


def asks_for(user: User) -> QuerySet[Student]:
    """For whom a user may ask: everybody enrolled, or the own children."""
    seen = people.visible_to(user)
    if user.has_role(*roles.OFFICE):
        return seen
    return seen.filter(pk__in=people.children_of(user))


def between(students: Collection[UUID], first: date, last: date) -> QuerySet[Absence]:
    """Open and approved absences of these students that touch the days."""
    return Absence.objects.filter(
        student__in=students, starts_on__lte=last, ends_on__gte=first, state__in=(State.ASKED, State.APPROVED)
    ).select_related("code", "reason")


def of_session(session: str) -> Q:
    """Those that mean a session of the day."""
    return Q(part=Part.DAY) | Q(part=session)
