"""The audiences that people and academics give: school, grades, streams, classes, teaching groups, houses, roles."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from identity import roles
from identity.models import User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass, TeachingGroup
from schools.details import queries as details
from schools.messaging import audiences, policies
from schools.messaging.audiences import Audience, identifier
from schools.people.choices import StaffStatus, StudentStatus
from schools.people.models import Staff, Student

ENROLLED = (StudentStatus.ENROLLED, StudentStatus.SUSPENDED)


def register() -> None:
    """Offer them."""
    for audience in (
        Audience("school", gettext_lazy("Everybody"), _school, students=_everybody, staff=_all_staff, order=10),
        Audience("grade", gettext_lazy("Grade"), _grades, students=_of_grade, order=20),
        Audience("stream", gettext_lazy("Stream"), _streams, students=_of_stream, order=25),
        Audience("class", gettext_lazy("Class"), _classes, students=_of_class, staff=_class_teachers, order=30),
        Audience("group", gettext_lazy("Teaching group"), _groups, students=_of_group, order=40),
        Audience("house", gettext_lazy("House"), _houses, students=_of_house, order=50),
        Audience("role", gettext_lazy("Staff"), _roles, staff=_of_role, order=60),
        Audience("student", gettext_lazy("One learner"), _nobody, students=_one, order=90),
    ):
        audiences.register(audience)


def _school(user: User) -> Sequence[tuple[str, str]]:
    return [("", _("Everybody"))] if policies.writes_to_all(user) else []


def _grades(user: User) -> Sequence[tuple[str, str]]:
    if not policies.writes_to_all(user):
        return []
    return [(str(level.pk), level.name) for level in academics.grade_levels_in_use()]


def _streams(user: User) -> Sequence[tuple[str, str]]:
    if not policies.writes_to_all(user):
        return []
    rows = academics.classes_now(user).filter(stream__isnull=False).order_by("stream__name")
    return [(str(pk), name) for pk, name in rows.values_list("stream", "stream__name").distinct()]


def _classes(user: User) -> Sequence[tuple[str, str]]:
    rows = academics.classes_now(user) if policies.writes_to_all(user) else academics.classes_of(user)
    return [(str(one.pk), one.name) for one in rows]


def _groups(user: User) -> Sequence[tuple[str, str]]:
    if policies.writes_to_all(user):
        return []
    rows = academics.teaching_groups_of(user).select_related("school_class")
    return [(str(one.pk), one.name) for one in rows]


def _houses(user: User) -> Sequence[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in details.houses()] if policies.writes_to_all(user) else []


def _roles(user: User) -> Sequence[tuple[str, str]]:
    if not policies.writes_to_all(user):
        return []
    return [("", _("All staff")), (roles.TEACHER, _("Teachers")), (roles.BURSAR, _("Bursars"))]


def _nobody(user: User) -> Sequence[tuple[str, str]]:
    return []


def _everybody(value: str) -> QuerySet[Student]:
    return Student.objects.filter(status__in=ENROLLED)


def _enrolled(**where: object) -> QuerySet[Student]:
    inside = academics.enrolled_on(clock.today()).filter(**where)
    return Student.objects.filter(pk__in=inside.values("student"), status__in=ENROLLED)


def _of_grade(value: str) -> QuerySet[Student]:
    return _enrolled(school_class__grade_level=identifier(value))


def _of_stream(value: str) -> QuerySet[Student]:
    return _enrolled(school_class__stream=identifier(value))


def _of_class(value: str) -> QuerySet[Student]:
    return _enrolled(school_class=identifier(value))


def _of_group(value: str) -> QuerySet[Student]:
    group = TeachingGroup.objects.filter(pk__in=_named(value)).select_related("school_class").first()
    return academics.members(group, clock.today()) if group else Student.objects.none()


def _of_house(value: str) -> QuerySet[Student]:
    return Student.objects.filter(details__house=identifier(value), status__in=ENROLLED)


def _one(value: str) -> QuerySet[Student]:
    return Student.objects.filter(pk__in=_named(value))


def _all_staff(value: str) -> QuerySet[Staff]:
    return Staff.objects.filter(status=StaffStatus.ACTIVE)


def _class_teachers(value: str) -> QuerySet[Staff]:
    return _all_staff("").filter(pk__in=SchoolClass.objects.filter(pk__in=_named(value)).values("class_teacher"))


def _of_role(value: str) -> QuerySet[Staff]:
    return _all_staff("").filter(user__roles__contains=[value]) if value else _all_staff("")


def _named(value: str) -> list[UUID]:
    found = identifier(value)
    return [found] if found else []
