"""What of assessment a user may read: scales, sittings with their progress, grids, and a student's results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core import cache, clock
from core.errors import Unprocessable
from identity import roles
from identity.models import User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass, Subject, TeachingGroup, Term
from schools.assessment import grading, policies
from schools.assessment.choices import AssessmentStatus
from schools.assessment.models import Assessment, GradingScale, Mark
from schools.people import queries as people
from schools.people.choices import StudentStatus
from schools.people.models import Student

LAST_TESTS = 5
DUE_SECONDS = 120
UNPUBLISHED_SECONDS = 600


@dataclass(slots=True)
class Column:
    """One subject of a sitting: its assessment, who sits it, how far it is."""

    assessment: Assessment
    sitters: set[UUID]
    entered: int
    can_enter: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Due:
    """An assessment that waits for marks: how many are entered, of how many who sit it."""

    paper: Assessment
    entered: int
    expected: int


@dataclass(slots=True)
class Grid:
    """A sitting as the marks page shows it: learners by subjects."""

    columns: list[Column]
    students: list[Student]
    marks: dict[tuple[UUID, UUID], Mark]
    scales: dict[UUID, grading.Scale]


@dataclass(slots=True)
class Sitting:
    """The papers of one name in a class in a term, with how many of the expected marks are entered."""

    id: UUID
    name: str
    kind: str
    school_class: SchoolClass
    papers: list[Assessment] = field(default_factory=list)
    entered: int = 0
    expected: int = 0

    @property
    def closed(self) -> int:
        """Papers handed in."""
        return sum(1 for paper in self.papers if paper.status == AssessmentStatus.CLOSED)

    @property
    def published(self) -> int:
        """Papers that families see."""
        return sum(1 for paper in self.papers if paper.published_at is not None)

    @property
    def is_published(self) -> bool:
        """True when families see every paper."""
        return self.published == len(self.papers)


@dataclass(frozen=True, slots=True)
class Result:
    """One mark of a student, with what it means."""

    mark: Mark
    percent: Decimal | None
    tone: str
    pips: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A student's last tests in one subject, oldest first."""

    subject: Subject
    results: tuple[Result, ...]

    @property
    def latest(self) -> Result:
        """The newest one."""
        return self.results[-1]

    @property
    def values(self) -> list[float]:
        """The percentages of those that were sat, for a small line."""
        return [float(result.percent) for result in self.results if result.percent is not None]

    @property
    def change(self) -> int | None:
        """Points up or down from the one before; None where there is nothing to compare."""
        if self.latest.percent is None or len(self.values) < 2:
            return None
        return round(self.values[-1]) - round(self.values[-2])

    @property
    def fall(self) -> int:
        """How far down, without the sign."""
        return abs(self.change or 0)


def visible_to(user: User) -> QuerySet[Assessment]:
    """All for the office; a teacher's own subjects and the class in their care; published ones for families."""
    papers = Assessment.objects.select_related("subject", "school_class", "term", "scale")
    if policies.sees_all(user):
        return papers
    seen = Q(pk__in=[])
    if user.has_role(roles.TEACHER):
        seen |= policies.taught_by(user) | Q(school_class__in=academics.classes_of(user).order_by().values("pk"))
    if user.has_role(roles.GUARDIAN, roles.STUDENT):
        sat = Mark.objects.filter(student__in=_family(user).order_by().values("pk"))
        seen |= Q(published_at__isnull=False, pk__in=sat.values("assessment"))
    return papers.filter(seen)


def marks_visible_to(user: User) -> QuerySet[Mark]:
    """The marks of visible assessments; of these, families see their own children's, once published."""
    marks = Mark.objects.select_related("assessment__subject", "assessment__scale", "student")
    if policies.sees_all(user):
        return marks
    seen = Q(pk__in=[])
    if user.has_role(roles.TEACHER):
        own = Assessment.objects.filter(
            policies.taught_by(user) | Q(school_class__in=academics.classes_of(user).order_by().values("pk"))
        )
        seen |= Q(assessment__in=own.order_by().values("pk"))
    if user.has_role(roles.GUARDIAN, roles.STUDENT):
        seen |= Q(assessment__published_at__isnull=False, student__in=_family(user).order_by().values("pk"))
    return marks.filter(seen)


def _family(user: User) -> QuerySet[Student]:
    """Own children, or oneself: never the learners that somebody teaches besides."""
    own = Q(user=user) if user.has_role(roles.STUDENT) else Q(pk__in=[])
    if user.has_role(roles.GUARDIAN):
        own |= Q(pk__in=people.children_of(user))
    return Student.objects.filter(own)


def scales_visible_to(user: User) -> QuerySet[GradingScale]:
    """Every scale: how a school grades is no secret inside it."""
    return GradingScale.objects.prefetch_related("bands")


def scale_of(scale: GradingScale) -> grading.Scale:
    """A stored scale, ready to grade with."""
    return grading.Scale(scale.basis, scale.decimals, grading.ordered(list(scale.bands.all())))


def scales_of(papers: Iterable[Assessment]) -> dict[UUID, grading.Scale]:
    """The scales of several assessments, by scale id, in two queries."""
    wanted = {paper.scale_id for paper in papers}
    return {scale.pk: scale_of(scale) for scale in GradingScale.objects.filter(pk__in=wanted).prefetch_related("bands")}


def sitters(assessment: Assessment) -> QuerySet[Student]:
    """Who sits an assessment: the class's roll of its day, or those of them who chose the subject's group."""
    roll = academics.roll(assessment.school_class, assessment.date)
    choosers = _choosers([assessment])
    if not choosers:
        return roll
    return roll.filter(pk__in=_sitting(assessment, set(roll.values_list("pk", flat=True)), choosers))


def _choosers(papers: Sequence[Assessment]) -> dict[UUID, set[UUID]]:
    """For assessments whose subject is taught to chosen members and not to that whole class: who chose it."""
    if not papers:
        return {}
    groups = TeachingGroup.objects.filter(
        subject__in={paper.subject_id for paper in papers}, year__in={paper.school_class.year_id for paper in papers}
    )
    whole = set(groups.exclude(school_class=None).order_by().values_list("school_class", "subject"))
    chosen: dict[UUID, set[UUID]] = {}
    rows = groups.filter(school_class=None, members__isnull=False).order_by()
    for subject_id, student_id in rows.values_list("subject", "members"):
        chosen.setdefault(subject_id, set()).add(student_id)
    return {
        paper.pk: chosen[paper.subject_id]
        for paper in papers
        if paper.subject_id in chosen and (paper.school_class_id, paper.subject_id) not in whole
    }


def _sitting(paper: Assessment, roll: set[UUID], choosers: dict[UUID, set[UUID]]) -> set[UUID]:
    """Those on the roll who chose the subject; everybody where nobody in the class did."""
    return roll & choosers.get(paper.pk, roll) or roll


def sitting_of(papers: QuerySet[Assessment], school_class_id: UUID, assessment_id: UUID) -> list[Assessment]:
    """The papers of the sitting that an assessment belongs to, in the order of subjects; empty when it is not there."""
    one = papers.filter(pk=assessment_id, school_class=school_class_id).first()
    if one is None:
        return []
    same = papers.filter(school_class=school_class_id, term=one.term_id, name=one.name)
    return list(same.select_related("closed_by", "published_by").order_by("subject__order", "subject__name"))


def grid(papers: Sequence[Assessment], user: User, at: datetime) -> Grid:
    """Learners by subjects, in a fixed number of queries."""
    first = papers[0]
    students = list(academics.roll(first.school_class, max(paper.date for paper in papers)))
    ids = [student.pk for student in students]
    marks = {
        (mark.assessment_id, mark.student_id): mark
        for mark in Mark.objects.filter(assessment__in=papers).select_related("entered_by")
    }
    gone = {student_id for _paper, student_id in marks} - set(ids)
    if gone:
        students += list(Student.objects.filter(pk__in=gone))
        students.sort(key=lambda student: (student.first_name, student.last_name, student.pk))
    choosers = _choosers(papers)
    mine = (
        {paper.pk for paper in papers}
        if policies.sees_all(user)
        else set(
            Assessment.objects.filter(policies.taught_by(user), pk__in=[p.pk for p in papers]).values_list(
                "pk", flat=True
            )
        )
    )
    columns = []
    for paper in papers:
        sits = _sitting(paper, set(ids), choosers)
        entered = sum(1 for (paper_id, student_id) in marks if paper_id == paper.pk and student_id in sits)
        columns.append(Column(paper, sits, entered, paper.pk in mine, paper.takes_marks(at)))
    return Grid(columns, students, marks, scales_of(papers))


def sittings(papers: QuerySet[Assessment]) -> list[Sitting]:
    """Assessments gathered into sittings, newest first, in three queries whatever their number."""
    rows = list(papers.annotate(entered=Count("marks")).order_by("-date", "name", "subject__order"))
    classes = {paper.school_class_id: paper.school_class for paper in rows}
    sizes = expected_of(rows)
    found: dict[tuple[UUID, UUID, str], Sitting] = {}
    for paper in rows:
        key = (paper.school_class_id, paper.term_id, paper.name)
        if key not in found:
            found[key] = Sitting(paper.pk, paper.name, paper.kind, classes[paper.school_class_id])
        sitting = found[key]
        sitting.papers.append(paper)
        sitting.entered += paper.entered
        sitting.expected += max(sizes.get(paper.pk, 0), paper.entered)
    for sitting in found.values():
        sitting.id = min(paper.pk for paper in sitting.papers)
        sitting.papers.sort(key=lambda paper: (paper.subject.order, paper.subject.name))
    return list(found.values())


def unpublished(user: User, term: Term | None) -> list[Sitting]:
    """The term's sittings that are handed in whole and that families do not see yet."""
    if term is None:
        return []
    return [
        one
        for one in sittings(visible_to(user).filter(term=term))
        if one.closed == len(one.papers) and not one.is_published
    ]


def unpublished_now(user: User) -> list[Sitting]:
    """The same of the current term, remembered until a mark or an assessment is written."""
    key = f"assessment:unpublished:{user.pk}"
    return cache.remember(
        key, UNPUBLISHED_SECONDS, lambda: unpublished(user, academics.current_term()), room="assessment"
    )


def expected_of(papers: Sequence[Assessment]) -> dict[UUID, int]:
    """How many sit each assessment."""
    if not papers:
        return {}
    days = {paper.date for paper in papers}
    classes = {paper.school_class_id for paper in papers}
    rows = (
        academics.enrolled_on(max(days))
        .filter(school_class__in=classes)
        .order_by()
        .values_list("school_class", "student")
    )
    rolls: dict[UUID, set[UUID]] = {}
    for class_id, student_id in rows:
        rolls.setdefault(class_id, set()).add(student_id)
    choosers = _choosers(papers)
    return {paper.pk: len(_sitting(paper, rolls.get(paper.school_class_id, set()), choosers)) for paper in papers}


def results(marks: Iterable[Mark]) -> list[Result]:
    """Marks with their percentage, colour and pips."""
    rows = list(marks)
    scales = scales_of([mark.assessment for mark in rows])
    return [result(mark, scales[mark.assessment.scale_id]) for mark in rows]


def result(mark: Mark, scale: grading.Scale) -> Result:
    """One mark with what it means on its scale."""
    share = None if mark.score is None else grading.rounded(mark.score * 100 / mark.assessment.maximum, 0)
    return Result(mark, share, scale.tone(mark.grade), scale.pips(mark.grade))


@dataclass(slots=True)
class Sheet:
    """A student's results of one sitting."""

    name: str
    term: Term
    results: list[Result]


def family_of(user: User) -> list[Student]:
    """One's children who are at the school, or oneself."""
    here = _family(user).filter(status__in=(StudentStatus.ENROLLED, StudentStatus.SUSPENDED))
    return list(here.order_by("date_of_birth", "first_name", "pk"))


def sheets(user: User, student: Student, *, published_only: bool = False, limit: int = 12) -> list[Sheet]:
    """A student's results by sitting, newest first, as far as the user may read them."""
    marks = marks_visible_to(user).filter(student=student).select_related("assessment__term")
    if published_only:
        marks = marks.filter(assessment__published_at__isnull=False)
    found: dict[tuple[UUID, str], Sheet] = {}
    for one in results(marks.order_by("-assessment__date", "assessment__subject__order")[:400]):
        paper = one.mark.assessment
        found.setdefault((paper.term_id, paper.name), Sheet(paper.name, paper.term, [])).results.append(one)
    for sheet in found.values():
        sheet.results.sort(key=lambda one: (one.mark.assessment.subject.order, one.mark.assessment.subject.name))
    return list(found.values())[:limit]


def trends(user: User, student: Student) -> list[Trend]:
    """A student's last five tests in each subject, as far as the user may read them."""
    rows = marks_visible_to(user).filter(student=student).order_by("-assessment__date", "-assessment__created_at")
    per: dict[UUID, list[Mark]] = {}
    for mark in rows[:400]:
        held = per.setdefault(mark.assessment.subject_id, [])
        if len(held) < LAST_TESTS:
            held.append(mark)
    scales = scales_of([mark.assessment for held in per.values() for mark in held])
    found = [
        Trend(
            held[0].assessment.subject,
            tuple(result(mark, scales[mark.assessment.scale_id]) for mark in reversed(held)),
        )
        for held in per.values()
    ]
    return sorted(found, key=lambda trend: (trend.subject.order, trend.subject.name))


def due(user: User, term: Term | None, at: datetime) -> list[Due]:
    """The open assessments that a teacher enters marks in and that are not complete, soonest first."""
    if term is None:
        return []
    papers = list(
        Assessment.objects.filter(policies.taught_by(user), term=term, status=AssessmentStatus.OPEN)
        .exclude(closes_at__lte=at)
        .select_related("subject", "school_class")
        .annotate(entered=Count("marks"))
        .order_by("closes_at", "date")
    )
    sizes = expected_of(papers)
    return [Due(paper, paper.entered, sizes[paper.pk]) for paper in papers if paper.entered < sizes[paper.pk]]


def due_now(user: User) -> list[Due]:
    """What is due this term, at most two minutes old: every page of a teacher shows how many."""
    key = f"assessment:due:{user.pk}"
    return cache.remember(key, DUE_SECONDS, lambda: due(user, academics.current_term(), clock.now()), room="assessment")


def default_scale() -> GradingScale:
    """The scale that new assessments use; raises when the school has none."""
    scale = GradingScale.objects.filter(is_default=True).first() or GradingScale.objects.first()
    if scale is None:
        raise Unprocessable(_("The school has no grading scale yet. Add one first."))
    return scale
