"""What of a student's file a user may read."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from core import clock
from core.errors import NotFound
from identity import roles
from identity.models import User
from schools.people import policies as people_policies
from schools.people import queries as people
from schools.people.choices import StaffStatus, StudentStatus
from schools.people.models import Student
from schools.records import policies
from schools.records.choices import Group, Purpose
from schools.records.models import Alert, Care, Consent, Document, Look

SOON = timedelta(days=30)
GONE = (StudentStatus.LEFT, StudentStatus.GRADUATED)


def visible_to(user: User) -> QuerySet[Care]:
    """The care records of the students that a user sees; which parts is for `policies.groups_seen`."""
    records = Care.objects.select_related("student")
    if not policies.may_open_care(user):
        return records.none()
    return records.filter(student__in=people.visible_to(user).order_by().values("pk"))


def student_for(user: User, pk: UUID) -> Student:
    """One visible student; raises NotFound."""
    student = people.visible_to(user).filter(pk=pk).first()
    if student is None:
        raise NotFound("There is no such student.")
    return student


def shown(care: Care | None, groups: Collection[Group]) -> list[tuple[Group, list[tuple[str, str]]]]:
    """The parts that may be seen, each with its filled fields as label and words."""
    found = []
    for group in groups:
        lines = []
        for name in policies.FIELDS[group] if care else ():
            words = getattr(care, f"get_{name}_display", None)
            value = str(words() if words and getattr(care, name) else getattr(care, name))
            if value:
                lines.append((str(Care._meta.get_field(name).verbose_name), value))  # type: ignore[union-attr]
        found.append((group, lines))
    return found


def looks_visible_to(user: User) -> QuerySet[Look]:
    """Who looked at what, for the head."""
    looks = Look.objects.select_related("student")
    return looks if policies.may_read_looks(user) else looks.none()


def alerts_of(user: User, student_ids: Collection[UUID], on: date) -> dict[UUID, list[Alert]]:
    """The alerts that this user sees of these students, the worst first."""
    found: dict[UUID, list[Alert]] = {}
    rows = Alert.objects.filter(student__in=student_ids, audience__in=policies.audiences(user))
    for alert in rows.filter(Q(until=None) | Q(until__gte=on)):
        found.setdefault(alert.student_id, []).append(alert)
    return found


def alerts_visible_to(user: User) -> QuerySet[Alert]:
    """The alerts that stand today, of the students that a user sees and for an audience that they belong to."""
    found = Alert.objects.filter(Q(until=None) | Q(until__gte=clock.today()), audience__in=policies.audiences(user))
    return found.filter(student__in=people.visible_to(user).order_by().values("pk"))


def consents_visible_to(user: User) -> QuerySet[Consent]:
    """Every answer about the students that a user sees, for the office and guardians."""
    found = Consent.objects.select_related("student", "guardian")
    if not policies.may_answer_consent(user):
        return found.none()
    return found.filter(student__in=people.visible_to(user).order_by().values("pk"))


def consents_of(student: Student) -> list[tuple[Purpose, Consent | None]]:
    """Every purpose with its newest answer."""
    newest: dict[str, Consent] = {}
    for row in student.consents.select_related("guardian", "noted_by"):
        newest.setdefault(row.purpose, row)
    return [(purpose, newest.get(purpose)) for purpose in Purpose]


def refused(student_ids: Collection[UUID], purpose: str) -> set[UUID]:
    """The students whose guardians' newest answer to a purpose is no."""
    newest = (
        Consent.objects.filter(student__in=student_ids, purpose=purpose)
        .order_by("student", "-at", "-pk")
        .distinct("student")
        .values_list("student", "given")
    )
    return {student for student, given in newest if not given}


def documents_visible_to(user: User) -> QuerySet[Document]:
    """Every document for the office; else those of one's children, or of oneself."""
    found = Document.objects.select_related("student", "staff")
    if people_policies.is_office(user):
        return found
    mine = Q(staff__user=user)
    if user.has_role(roles.GUARDIAN, roles.STUDENT):
        family = Student.objects.filter(Q(pk__in=people.children_of(user)) | Q(user=user))
        mine |= Q(student__in=family.values("pk"))
    return found.filter(mine)


def document_for(user: User, pk: UUID) -> Document:
    """One document; raises NotFound."""
    document = documents_visible_to(user).filter(pk=pk).first()
    if document is None:
        raise NotFound("There is no such document.")
    return document


def expiring(user: User, on: date) -> QuerySet[Document]:
    """What expires within thirty days, or has, of those who are still here; for the office."""
    if not people_policies.is_office(user):
        return Document.objects.none()
    soon = Document.objects.select_related("student", "staff").filter(expires_on__lte=on + SOON)
    return soon.exclude(student__status__in=GONE).exclude(staff__status=StaffStatus.LEFT).order_by("expires_on", "pk")


def plain(care: Care, groups: Collection[Group]) -> Mapping[str, Any]:
    """The fields that may be seen, as the API gives them; the others are not there."""
    return {name: getattr(care, name) for group in groups for name in policies.FIELDS[group]}
