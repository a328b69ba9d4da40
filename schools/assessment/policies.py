"""Who may read, set and enter marks."""

from datetime import date

from django.db.models import Q, QuerySet

from identity import roles
from identity.models import Kind, User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.assessment.models import Assessment


def sees_all(user: User) -> bool:
    """Reads every mark: the office, and programs that act for the school."""
    return user.kind == Kind.SERVICE or user.has_role(*roles.OFFICE)


def may_open_marks(user: User) -> bool:
    """Opens the marks of classes; which ones is for `queries.visible_to`."""
    return user.has_role(roles.HEAD, roles.REGISTRAR, roles.TEACHER)


def may_open_results(user: User) -> bool:
    """Opens a student's results; whose is for `people.queries.visible_to`, and families see published ones only."""
    return user.has_role(roles.HEAD, roles.REGISTRAR, roles.TEACHER, roles.GUARDIAN, roles.STUDENT)


def may_set(user: User) -> bool:
    """Sets assessments for classes that they may enter marks in."""
    return may_open_marks(user)


def may_publish(user: User) -> bool:
    """Shows marks to families, hides them again, and reopens what was handed in."""
    return sees_all(user)


def may_change_scales(user: User) -> bool:
    """Changes how scores become grades."""
    return user.has_role(*roles.OFFICE)


def taught_by(user: User, on: date | None = None) -> Q:
    """The assessments whose subject somebody teaches in that class this year, as a condition on Assessment."""
    found = Q(pk__in=[])
    for class_id, subject_id in academics.teaching_groups_of(user, on).values_list("school_class", "subject"):
        if class_id is not None:
            found |= Q(school_class=class_id, subject=subject_id)
    return found | Q(pk__in=_of_chosen_groups(user, on))


def _of_chosen_groups(user: User, on: date | None) -> QuerySet[Assessment]:
    """Assessments of classes with students who chose a group that somebody teaches: their subject alone."""
    found = Q(pk__in=[])
    for group in academics.teaching_groups_of(user, on).filter(school_class=None):
        classes = academics.enrolled_on(group.year.ends_on).filter(student__in=group.members.values("pk"))
        found |= Q(subject=group.subject_id, school_class__in=classes.values("school_class"))
    return Assessment.objects.filter(found).order_by().values("pk")  # type: ignore[return-value]


def can_enter(user: User, assessment: Assessment) -> bool:
    """Enters and hands in the marks of an assessment: the office, and who teaches the subject in that class."""
    if sees_all(user):
        return True
    if not user.has_role(roles.TEACHER):
        return False
    return Assessment.objects.filter(taught_by(user), pk=assessment.pk).exists()


def can_set_for(user: User, school_class: SchoolClass) -> list[str] | None:
    """The subjects (ids) somebody may set an assessment in for a class; None means all of them."""
    if sees_all(user):
        return None
    groups = academics.teaching_groups_of(user).filter(Q(school_class=school_class) | Q(school_class=None))
    return [str(pk) for pk in groups.values_list("subject", flat=True)]
