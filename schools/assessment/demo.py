"""A demo school's marks: three sittings a term, from what each learner is able to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from audit import recording as audit
from identity.models import User
from schools.academics.models import Enrolment, SchoolClass, Subject, TeachingGroup, Term
from schools.assessment import grading
from schools.assessment.choices import AssessmentStatus, Kind
from schools.assessment.models import Assessment, GradingScale, Mark
from schools.demo import calendar, plan, roll, writing
from tenants import demo
from tenants.demo import Stage

SMALL = {"SST": 40, "AGR": 40, "CRE": 40, "ART": 30, "CRA": 30, "CAS": 40}
USUAL = {"cbe": 63, "844": 58}
CLOSE_OF_DAY = time(17, 0)
REMARKS = {
    "EE": ("Excellent. Keep it up.", "Explains well and helps others.", "Careful and thorough work."),
    "ME": ("Good and steady.", "Works well in groups.", "Can do more with daily practice."),
    "AE": ("Making progress; read every evening.", "Needs help with the basics.", "Ask when it is not clear."),
    "BE": ("Needs extra lessons.", "Let us talk about how to help."),
}
MANENO = {
    "EE": ("Hongera, kazi nzuri sana.", "Insha imeboreka sana."),
    "ME": ("Kazi nzuri; aongeze mazoezi.", "Anaendelea vizuri."),
    "AE": ("Afanye mazoezi ya sarufi.", "Asome hadithi kila jioni."),
    "BE": ("Anahitaji msaada zaidi.",),
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """One round of papers in a term."""

    name: str
    kind: str
    term: calendar.TermDates
    week: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Sitter:
    """A learner of a class, with the time that they were in it."""

    pk: UUID
    number: str
    first_day: date
    last_day: date | None
    options: frozenset[str]


def load(stage: Stage) -> str:
    """Set and mark every sitting of the terms so far; the mid-term of this one is still being entered."""
    return _Year(stage).hold()


def follow(stage: Stage, moved: timedelta) -> None:
    """Move papers, due times and marks with the year."""
    if not moved:
        return
    Assessment.objects.update(
        date=F("date") + moved,
        closes_at=F("closes_at") + moved,
        closed_at=F("closed_at") + moved,
        published_at=F("published_at") + moved,
    )
    Mark.objects.update(entered_at=F("entered_at") + moved)
    audit.record("assessments.continued", by=None, at=stage.at, changes={"days": moved.days})


def _sittings(laid: calendar.Calendar) -> Iterator[Sitting]:
    for term in laid.terms:
        now = term is laid.current
        weeks = (term.ends_on - term.starts_on).days // 7 + 1
        yield Sitting("Opener", Kind.OPENER, term, 2, is_over=True)
        yield Sitting("Mid-term", Kind.MID_TERM, term, 6 if now else weeks // 2, is_over=not now)
        if not now:
            yield Sitting("End of term", Kind.END_TERM, term, weeks - 1, is_over=True)


class _Year:
    """Holds the sittings of one school."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._school = roll.PLANS[stage.kind]
        self._laid = calendar.lay(stage.today)
        self._terms = {term.number: term for term in Term.objects.filter(year__name=self._laid.name)}
        self._subjects = {subject.code: subject for subject in Subject.objects.all()}
        self._classes = {found.name: found for found in SchoolClass.objects.all()}
        self._head = User.objects.filter(roles__contains=["head"]).order_by("username").first()
        self._scales, self._grades = self._read_scales()
        self._teachers = self._read_teachers()
        self._sitters = self._read_sitters()
        self._papers: list[Assessment] = []
        self._able: dict[str, tuple[float, float]] = {}
        self._gifts: dict[tuple[str, str], float] = {}
        self._seen: dict[tuple[str, Decimal, int], str] = {}

    def hold(self) -> str:
        """Write every paper and every mark; says how many."""
        rows = list(self._marks())
        Assessment.objects.bulk_create(self._papers, batch_size=500)
        fields = ("assessment", "student", "score", "is_absent", "grade", "remark", "entered_by", "entered_at")
        marks = writing.copy(Mark, fields, rows, at=self._stage.at)
        counts = {"assessments": len(self._papers), "marks": marks}
        audit.record("assessments.taken_over", by=None, at=self._stage.at, changes=counts)
        return f"{len(self._papers)} assessments with {marks} marks"

    def _marks(self) -> Iterator[tuple[object, ...]]:
        for found in self._school.classes:
            optional = {name for chosen in self._school.optional(found.level) for name in chosen}
            for subject in self._school.subjects_of(found.level):
                takers = [
                    sitter
                    for sitter in self._sitters.get(found.name, ())
                    if subject.short_name not in optional or subject.short_name in sitter.options
                ]
                for sitting in _sittings(self._laid) if takers else ():
                    yield from self._paper(found, subject, sitting, takers)

    def _paper(
        self, place: plan.ClassPlan, subject: plan.SubjectPlan, sitting: Sitting, takers: Sequence[Sitter]
    ) -> Iterator[tuple[object, ...]]:
        chance = self._stage.chance("paper", place.name, subject.code, sitting.term.number, sitting.name)
        held = sitting.term.day(sitting.week, chance.choice((1, 2, 3)))
        teacher = self._teachers.get((place.name, subject.code))
        maximum = 100 if sitting.kind == Kind.END_TERM else SMALL.get(subject.short_name, 50)
        entered = self._moment(held + timedelta(days=2), hour=15)
        paper = Assessment(
            name=sitting.name,
            kind=sitting.kind,
            subject=self._subjects[subject.code],
            school_class=self._classes[place.name],
            term=self._terms[sitting.term.number],
            scale=self._scales[place.level.curriculum],
            maximum=maximum,
            date=held,
            closes_at=self._moment(sitting.term.day(sitting.week + (1 if sitting.is_over else 2), 4)),
            status=AssessmentStatus.CLOSED if sitting.is_over else AssessmentStatus.OPEN,
        )
        if sitting.is_over:
            paper.closed_by_id, paper.closed_at = teacher, self._moment(held + timedelta(days=3))
            paper.published_by, paper.published_at = self._head, self._moment(sitting.term.day(sitting.week + 1, 4))
        self._papers.append(paper)
        inside = [s for s in takers if s.first_day <= held and (s.last_day is None or held <= s.last_day)]
        known = self._school.mid_term.get((place.name, subject.short_name))
        if not sitting.is_over:
            drawn = chance.random()
            part = known if known is not None else int(len(inside) * min(1.0, max(0.0, drawn * 2.2 - 0.5)))
            inside = inside[:part]
        key, by, when = paper.pk.hex, teacher.hex if teacher else None, min(entered, self._stage.at).isoformat()
        for sitter in inside:
            yield key, sitter.pk.hex, *self._result(sitter, place, subject, sitting, maximum), by, when

    def _result(
        self, sitter: Sitter, place: plan.ClassPlan, subject: plan.SubjectPlan, sitting: Sitting, maximum: int
    ) -> tuple[object, ...]:
        """Score, absent, grade and remark of one learner."""
        chance = self._stage.chance("mark", sitter.number, subject.code, sitting.term.number, sitting.kind)
        known = self._school.known_marks.get(sitter.number, {}).get(subject.short_name)
        if known is None and chance.random() < 0.012:
            return None, True, "", ""
        percent = self._percent(sitter, place, subject, sitting) + chance.gauss(0, 4.5)
        if known is not None:
            near = known[min(sitting.term.number, 2) - 1]
            percent = near if sitting.kind == Kind.END_TERM else near + chance.gauss(0, 2)
        halves = round(min(99.0, max(3.0, percent)) * maximum / 50)
        if chance.random() < 0.85 or maximum == 100:
            halves -= halves % 2
        score = Decimal(halves) / 2
        grade = self._grade(place.level.curriculum, score, maximum)
        tone = self._grades[place.level.curriculum].tone(grade)
        remark = ""
        if sitting.kind == Kind.END_TERM and chance.random() < 0.3:
            remark = chance.choice((MANENO if subject.short_name == "KIS" else REMARKS)[tone])
        return score, False, grade, remark

    def _percent(self, sitter: Sitter, place: plan.ClassPlan, subject: plan.SubjectPlan, sitting: Sitting) -> float:
        """What somebody would get on an ordinary day: their own level, their gift for the subject, a year's growth."""
        if sitter.number not in self._able:
            chance = self._stage.chance("ability", sitter.number)
            self._able[sitter.number] = chance.gauss(0, 11), chance.gauss(0.6, 1.2)
        if (sitter.number, subject.code) not in self._gifts:
            chance = self._stage.chance("gift", sitter.number, subject.code)
            self._gifts[sitter.number, subject.code] = chance.gauss(0, 5)
        able, growth = self._able[sitter.number]
        gift = self._gifts[sitter.number, subject.code]
        return USUAL[place.level.curriculum] - subject.hard + able + gift + growth * sitting.term.number

    def _grade(self, curriculum: str, score: Decimal, maximum: int) -> str:
        found = self._seen.get((curriculum, score, maximum))
        if found is None:
            found = self._grades[curriculum].band(score, Decimal(maximum)).code
            self._seen[curriculum, score, maximum] = found
        return found

    def _moment(self, day: date, hour: int = CLOSE_OF_DAY.hour) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(hour)))

    def _read_scales(self) -> tuple[dict[str, GradingScale], dict[str, grading.Scale]]:
        """The scale of each curriculum, and what it grades by."""
        wanted = {"cbe": "CBE 8 levels", "844": "KCSE grades"}
        rows = {found.name: found for found in GradingScale.objects.filter(name__in=wanted.values())}
        scales = {curriculum: rows[name] for curriculum, name in wanted.items()}
        return scales, {
            curriculum: grading.Scale(row.basis, row.decimals, grading.ordered(list(row.bands.all())))
            for curriculum, row in scales.items()
        }

    def _read_teachers(self) -> dict[tuple[str, str], UUID]:
        """The account of who teaches a subject in a class; of optional ones, of the first set's teacher."""
        found: dict[tuple[str, str], UUID] = {}
        names = {school_class.pk: name for name, school_class in self._classes.items()}
        groups = TeachingGroup.objects.order_by("name").values_list(
            "name", "school_class_id", "subject__code", "teachers__user_id"
        )
        for name, class_id, code, user_id in groups:
            if class_id is not None:
                found[names[class_id], code] = user_id
                continue
            for place in self._school.classes:
                if name.startswith(f"{place.level.name} "):
                    found.setdefault((place.name, code), user_id)
        return found

    def _read_sitters(self) -> dict[str, list[Sitter]]:
        """Who was in each class, by name as registers and grids list them."""
        options = {
            child.admission_number: frozenset(child.options)
            for family in roll.families(self._school, self._stage.scale)
            for child in family.children
        }
        found: dict[str, list[Sitter]] = {}
        rows = Enrolment.objects.order_by("student__first_name", "student__last_name", "student__admission_number")
        for name, pk, number, first_day, last_day in rows.values_list(
            "school_class__name", "student_id", "student__admission_number", "starts_on", "ends_on"
        ):
            found.setdefault(name, []).append(Sitter(pk, number, first_day, last_day, options[number]))
        return found


demo.register("assessment", load, order=40, follow=follow)
