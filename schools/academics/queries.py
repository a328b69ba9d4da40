"""What of the academic structure a user may read; the calendar; who is in which class on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core import cache, clock
from identity import roles
from identity.models import User
from schools.academics import calendar
from schools.academics.models import (
    AcademicYear,
    Enrolment,
    GradeLevel,
    Holiday,
    SchoolClass,
    Stream,
    Subject,
    TeachingGroup,
    Term,
)
from schools.people import policies as people_policies
from schools.people import queries as people
from schools.people.models import Staff, Student

IDS_SECONDS = 600


def visible_to(user: User) -> QuerySet[SchoolClass]:
    """The classes that a user sees: all for those who see all students, else those of the students they see."""
    classes = SchoolClass.objects.select_related("year", "grade_level", "stream", "class_teacher")
    if people_policies.sees_all(user):
        return classes
    seen = Q(pk__in=[])
    if user.has_role(roles.TEACHER):
        seen |= Q(pk__in=_classes_taught_by(user))
    if user.has_role(roles.GUARDIAN, roles.STUDENT):
        seen |= Q(pk__in=Enrolment.objects.filter(student__in=people.visible_to(user)).values("school_class"))
    return classes.filter(seen)


def teaching_groups_visible_to(user: User) -> QuerySet[TeachingGroup]:
    """Teaching groups: all, those one teaches or whose class one sees, or those of one's children."""
    groups = TeachingGroup.objects.select_related("year", "subject", "school_class")
    if people_policies.sees_all(user):
        return groups
    classes = visible_to(user).order_by().values("pk")
    seen = Q(school_class__in=classes)
    if user.has_role(roles.TEACHER):
        seen |= Q(pk__in=TeachingGroup.objects.filter(teachers__user=user).values("pk"))
    if user.has_role(roles.GUARDIAN, roles.STUDENT):
        students = people.visible_to(user).order_by().values("pk")
        seen |= Q(pk__in=TeachingGroup.objects.filter(members__in=students).values("pk"))
    return groups.filter(seen)


def enrolments_visible_to(user: User) -> QuerySet[Enrolment]:
    """The enrolment history of the students that a user sees."""
    history = Enrolment.objects.select_related("student", "school_class")
    if people_policies.sees_all(user):
        return history
    return history.filter(student__in=people.visible_to(user).order_by().values("pk"))


def subjects_visible_to(user: User) -> QuerySet[Subject]:
    """Every subject: what a school teaches is no secret inside it."""
    return Subject.objects.all()


def terms_visible_to(user: User) -> QuerySet[Term]:
    """Every term: the calendar is the same for all."""
    return Term.objects.select_related("year")


def grade_levels_visible_to(user: User) -> QuerySet[GradeLevel]:
    """Every grade level: the ladder is no secret inside the school."""
    return GradeLevel.objects.all()


def streams_visible_to(user: User) -> QuerySet[Stream]:
    """Every stream."""
    return Stream.objects.all()


def holidays_visible_to(user: User) -> QuerySet[Holiday]:
    """Every holiday."""
    return Holiday.objects.all()


def years_visible_to(user: User) -> QuerySet[AcademicYear]:
    """Every year, the newest first: the calendar is the same for all."""
    return AcademicYear.objects.order_by("-starts_on")


# The calendar


def current_year(on: date | None = None) -> AcademicYear | None:
    """The year that a day (today) lies in; between two years the one before, before the first the first."""
    return calendar.current().year(on or clock.today())


def current_term(on: date | None = None) -> Term | None:
    """The term that a day (today) lies in; in the holidays the one before, before the first the first."""
    return calendar.current().term(on or clock.today())


def term_on(day: date) -> Term | None:
    """The term that a day lies in, half-term included; None in the holidays."""
    return calendar.current().term_on(day)


def term_after(day: date) -> Term | None:
    """The next term that opens after a day."""
    return calendar.current().term_after(day)


def is_school_day(day: date) -> bool:
    """Whether there is school: in a term, no half-term, no holiday, no weekend unless the school's facts say so."""
    return next(school_days(day, day), None) is not None


def school_days(first: date, last: date) -> Iterator[date]:
    """The school days from `first` to `last`, both included, in order."""
    return calendar.current().school_days(first, last)


# Classes and who is in them


def classes_now(user: User, on: date | None = None) -> QuerySet[SchoolClass]:
    """The visible classes of the current year, each with `learners`, the number in it now."""
    return with_learners(visible_to(user).filter(year=current_year(on)))


def with_learners(classes: QuerySet[SchoolClass]) -> QuerySet[SchoolClass]:
    """The same classes with `learners`, the number in each now."""
    counted = classes.annotate(learners=Count("enrolments", filter=Q(enrolments__ends_on=None)))
    return counted.order_by("grade_level__order", "stream__order", "name")


def classes_of(user: User, on: date | None = None) -> QuerySet[SchoolClass]:
    """The current year's classes that a member of staff is class teacher of, or teaches."""
    classes = SchoolClass.objects.select_related("year", "grade_level", "stream", "class_teacher")
    return classes.filter(pk__in=_classes_taught_by(user).values("pk"), year=current_year(on))


def class_ids_of(user: User) -> frozenset[UUID]:
    """The ids of `classes_of`, remembered: every page of a teacher asks."""
    return cache.remember(
        f"academics:classes-of:{user.pk}:{clock.today():%Y%m%d}",
        IDS_SECONDS,
        lambda: frozenset(classes_of(user).values_list("pk", flat=True)),
        room="academics",
    )


def classes_in_care(user: User, on: date | None = None) -> QuerySet[SchoolClass]:
    """The current year's classes that a member of staff is class teacher of."""
    return classes_of(user, on).filter(class_teacher__user=user)


def teaching_groups_of(user: User, on: date | None = None) -> QuerySet[TeachingGroup]:
    """The current year's groups that a member of staff teaches."""
    groups = TeachingGroup.objects.select_related("subject", "school_class", "year")
    return groups.filter(teachers__user=user, year=current_year(on))


def inside(school_class: SchoolClass) -> QuerySet[Enrolment]:
    """Who is in a class now, as open enrolments."""
    return Enrolment.objects.filter(school_class=school_class, ends_on=None)


def roll(school_class: SchoolClass, on: date) -> QuerySet[Student]:
    """The students in a class on a day, by name."""
    inside = enrolled_on(on).filter(school_class=school_class)
    return Student.objects.filter(pk__in=inside.values("student")).order_by("first_name", "last_name", "pk")


def members(group: TeachingGroup, on: date) -> QuerySet[Student]:
    """The students of a teaching group on a day: the class's roll, or the chosen members who are in a class then."""
    if group.school_class is not None:
        return roll(group.school_class, on)
    return group.members.filter(pk__in=enrolled_on(on).values("student")).order_by("first_name", "last_name", "pk")


def enrolled_on(day: date) -> QuerySet[Enrolment]:
    """Everybody's enrolment on a day, first and last day included."""
    return Enrolment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


def roll_sizes(day: date) -> dict[UUID, int]:
    """How many students are in each class on a day."""
    rows = enrolled_on(day).order_by().values_list("school_class").annotate(n=Count("pk"))
    return dict(rows)


def class_of(student: Student, on: date | None = None) -> SchoolClass | None:
    """The class that a student is in on a day (today)."""
    found = enrolled_on(on or clock.today()).filter(student=student).select_related("school_class__grade_level").first()
    return found.school_class if found else None


def open_classes(student_ids: Sequence[UUID]) -> dict[UUID, SchoolClass]:
    """The class that each student is in now, in one query."""
    rows = Enrolment.objects.filter(student__in=student_ids, ends_on=None).select_related("school_class")
    return {row.student_id: row.school_class for row in rows}


def history_of(student: Student) -> QuerySet[Enrolment]:
    """A student's classes, newest first."""
    return student.enrolments.select_related("school_class__year").order_by("-starts_on", "-created_at")


def grade_levels_in_use(on: date | None = None) -> QuerySet[GradeLevel]:
    """The grade levels that have a class this year."""
    return GradeLevel.objects.filter(pk__in=SchoolClass.objects.filter(year=current_year(on)).values("grade_level"))


def students_of_staff(user: User) -> Q:
    """The students that a teacher reaches: now in a class in their care, or in a group that they teach."""
    now = Enrolment.objects.filter(ends_on=None)
    through_class = now.filter(
        Q(school_class__class_teacher__user=user)
        | Q(school_class__in=TeachingGroup.objects.filter(teachers__user=user).values("school_class"))
    )
    through_group = TeachingGroup.members.through.objects.filter(teachinggroup__teachers__user=user)
    return Q(pk__in=through_class.values("student")) | Q(pk__in=through_group.values("student"))


def is_class_teacher_of(user: User, student: Student) -> bool:
    """Whether the student is now in a class in this user's care."""
    return Enrolment.objects.filter(student=student, ends_on=None, school_class__class_teacher__user=user).exists()


def duties_of(staff: Staff) -> tuple[list[SchoolClass], list[TeachingGroup]]:
    """What somebody is responsible for this year: classes in their care, groups they teach."""
    year = current_year()
    classes = list(SchoolClass.objects.filter(class_teacher=staff, year=year).select_related("grade_level"))
    groups = list(staff.teaching_groups.filter(year=year).select_related("subject", "school_class"))
    return classes, groups


def _classes_taught_by(user: User) -> QuerySet[SchoolClass]:
    taught = TeachingGroup.objects.filter(teachers__user=user, school_class__isnull=False).values("school_class")
    return SchoolClass.objects.filter(Q(class_teacher__user=user) | Q(pk__in=taught)).order_by()


def closed_days(first: date, last: date) -> set[date]:
    """The days within these on which a holiday closes the school."""
    found: set[date] = set()
    for row in Holiday.objects.filter(starts_on__lte=last, ends_on__gte=first):
        begins, ends = max(row.starts_on, first), min(row.ends_on, last)
        found.update(begins + timedelta(days=n) for n in range((ends - begins).days + 1))
    return found


def students_in_levels(codes: Sequence[str], year: AcademicYear) -> QuerySet[Student]:
    """The students who are in a class of these grade levels in a year."""
    inside = Enrolment.objects.filter(ends_on=None, school_class__year=year, school_class__grade_level__code__in=codes)
    return Student.objects.filter(pk__in=inside.values("student"))


@dataclass(frozen=True, slots=True)
class Assignments:
    """Who teaches what in a year: a row for each subject with a cell for each class, and each teacher's groups."""

    classes: list[SchoolClass]
    rows: list[tuple[Subject, list[str]]]
    loads: list[tuple[Staff, int]]


def assignments(year: AcademicYear | None) -> Assignments:
    """The teaching of a year's whole classes, in a fixed number of queries; "–" where a group has no teacher."""
    classes = list(SchoolClass.objects.filter(year=year).order_by("grade_level__order", "name"))
    groups = TeachingGroup.objects.filter(year=year).prefetch_related("teachers").select_related("subject")
    cells: dict[tuple[UUID, UUID | None], str] = {}
    loads: dict[UUID, int] = {}
    people: dict[UUID, Staff] = {}
    taught: dict[UUID, Subject] = {}
    for group in groups:
        teachers = list(group.teachers.all())
        taught[group.subject_id] = group.subject
        cells[group.subject_id, group.school_class_id] = ", ".join(one.short_name for one in teachers) or "–"
        for one in teachers:
            people[one.pk] = one
            loads[one.pk] = loads.get(one.pk, 0) + 1
    subjects = sorted(taught.values(), key=lambda one: (one.order, one.name))
    rows = [(subject, [cells.get((subject.pk, one.pk), "") for one in classes]) for subject in subjects]
    ranked = sorted(loads, key=lambda pk: (-loads[pk], people[pk].short_name))
    return Assignments(classes, rows, [(people[pk], loads[pk]) for pk in ranked])
