"""What is read of curricula, options and courses."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet

from core import clock, text
from core.errors import NotFound
from identity.models import Kind, User
from schools.academics import queries as academics
from schools.academics.models import AcademicYear, GradeLevel, Subject
from schools.curriculum import policies
from schools.curriculum.choices import Place, Taking
from schools.curriculum.models import Block, Course, CourseTaken, Followed, Option, Version, Wish
from schools.people import queries as people
from schools.people.models import Student

M = TypeVar("M", bound=Model)
NONE = Decimal(0)


def _found(rows: QuerySet[M], pk: UUID) -> M:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such thing.")
    return found


def versions_visible_to(user: User) -> QuerySet[Version]:
    """Every version, for those who work here and programs."""
    return _for_staff(user, Version.objects.all())


def blocks_visible_to(user: User) -> QuerySet[Block]:
    """Every block, for those who work here and programs."""
    return _for_staff(user, Block.objects.all())


def courses_visible_to(user: User) -> QuerySet[Course]:
    """Every course, for those who work here and programs."""
    return _for_staff(user, Course.objects.all())


def _for_staff(user: User, rows: QuerySet[M]) -> QuerySet[M]:
    return rows if policies.may_read(user) or user.kind == Kind.SERVICE else rows.none()


def versions() -> QuerySet[Version]:
    """Every version, newest first within its curriculum."""
    return Version.objects.all()


def version_for(pk: UUID) -> Version:
    """One version; raises NotFound."""
    return _found(Version.objects.all(), pk)


def by_level(version: Version) -> list[tuple[str, list[dict[str, Any]]]]:
    """The lines of each grade level, in the school's order; levels that the school does not have come last."""
    names = {one.code: (one.order, one.name) for one in GradeLevel.objects.all()}
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in version.lines:
        groups[line["level"]].append(line)
    order = sorted(groups, key=lambda code: (names.get(code, (99_999, code)), code))
    return [(names.get(code, (0, code))[1], groups[code]) for code in order]


def followed(year: AcademicYear | None) -> list[tuple[GradeLevel, Followed | None]]:
    """Which version each grade level follows in a year."""
    held = {one.grade_level_id: one for one in Followed.objects.filter(year=year).select_related("plan")}
    return [(level, held.get(level.pk)) for level in GradeLevel.objects.order_by("order")]


def missing(version: Version, level: GradeLevel) -> list[dict[str, Any]]:
    """The lines of a grade level whose subject the school does not have."""
    known = {text.match_form(code) for code in Subject.objects.values_list("code", flat=True)}
    lines = (line for line in version.lines if line["level"] == level.code)
    return [line for line in lines if text.match_form(line["code"]) not in known]


def blocks() -> QuerySet[Block]:
    """Every block with its numbers."""
    return Block.objects.annotate(choosers=Count("options__wishes__student", distinct=True)).select_related("year")


def block_for(pk: UUID) -> Block:
    """One block; raises NotFound."""
    return _found(Block.objects.select_related("year"), pk)


def option_for(pk: UUID) -> Option:
    """One option; raises NotFound."""
    return _found(Option.objects.select_related("block", "subject", "group"), pk)


def options_of(block: Block) -> QuerySet[Option]:
    """The options of a block with how many chose each first, at all, and are placed or wait."""
    counts = {
        "first": Count("wishes", filter=Q(wishes__rank=1)),
        "chosen": Count("wishes"),
        "placed": Count("wishes", filter=Q(wishes__place=Place.PLACED)),
        "waiting": Count("wishes", filter=Q(wishes__place=Place.WAITING)),
    }
    return block.options.select_related("subject", "group").annotate(**counts)


def student_for(user: User, pk: UUID) -> Student:
    """A student whom this user sees; raises NotFound."""
    return _found(people.visible_to(user), pk)


def level_of(student: Student) -> str:
    """The code of the grade level that a student is in now; empty without a class."""
    present = academics.open_classes([student.pk]).get(student.pk)
    return present.grade_level.code if present is not None else ""


def open_blocks_of(student: Student, day: date) -> list[Block]:
    """The blocks that a student may choose in on a day."""
    level = level_of(student)
    rows = Block.objects.filter(opens_on__lte=day, closes_on__gte=day, placed_at=None)
    return [block for block in rows if level and level in block.levels]


def wishes_of(student: Student, block: Block | None = None) -> QuerySet[Wish]:
    """What a student chose, in their order."""
    found = Wish.objects.filter(student=student).select_related("option__block")
    return (found.filter(option__block=block) if block else found).order_by("option__block__name", "rank")


def silent(block: Block) -> QuerySet[Student]:
    """Students of the block's levels who chose nothing."""
    inside = academics.students_in_levels(block.levels, block.year)
    chose = Wish.objects.filter(option__block=block).values("student")
    return inside.exclude(pk__in=chose).order_by("first_name", "last_name", "pk")


def course_for(pk: UUID) -> Course:
    """One course; raises NotFound."""
    return _found(Course.objects.all(), pk)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a student is in the courses."""

    taken: list[CourseTaken]
    earned: Decimal
    running: Decimal


def progress_of(student: Student) -> Progress:
    """Every course that a student took, and the credits of those that were passed; a course counts once."""
    taken = list(CourseTaken.objects.filter(student=student).select_related("course", "term__year"))
    passed = {one.course_id: one.course.credits for one in taken if one.state == Taking.PASSED}
    running = {one.course_id: one.course.credits for one in taken if one.state == Taking.ENROLLED}
    return Progress(taken, sum(passed.values(), NONE), sum(running.values(), NONE))


def lacking(student: Student, course: Course) -> list[Course]:
    """The courses that must be passed before and are not."""
    passed = set(CourseTaken.objects.filter(student=student, state=Taking.PASSED).values_list("course_id", flat=True))
    return [one for one in Course.objects.filter(pk__in=course.before) if one.pk not in passed]


def circle(course: Course, before: Iterable[UUID]) -> list[Course]:
    """The way by which a course would have to be passed before itself; empty when there is none."""
    held = {one.pk: one for one in Course.objects.all()}
    ways = [[one] for one in before]
    seen: set[UUID] = set()
    while ways:
        way = ways.pop()
        last = way[-1]
        if last == course.pk:
            return [course, *(held[pk] for pk in way)]
        if last in seen or last not in held:
            continue
        seen.add(last)
        ways += [[*way, UUID(str(following))] for following in held[last].before]
    return []


def today() -> date:
    """The school's day."""
    return clock.today()
