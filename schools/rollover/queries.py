"""What of sweeps a user may read, and what stands in a sweep's way."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import NotFound
from identity.models import User
from schools.academics.models import AcademicYear, Enrolment, SchoolClass
from schools.rollover import policies
from schools.rollover.choices import Outcome
from schools.rollover.models import Decision, Sweep


@dataclass(slots=True)
class Line:
    """One class of the ending year, and what becomes of it."""

    school_class: SchoolClass
    numbers: dict[str, int] = field(default_factory=dict)
    targets: list[tuple[str, int]] = field(default_factory=list)
    nowhere: int = 0
    exceptions: int = 0

    @property
    def students(self) -> int:
        """How many are in it."""
        return sum(self.numbers.values())

    def number(self, outcome: str) -> int:
        """How many have this outcome."""
        return self.numbers.get(outcome, 0)

    @property
    def cells(self) -> list[int]:
        """The numbers of each outcome, in order."""
        return [self.number(outcome) for outcome in Outcome.values]


def visible_to(user: User) -> QuerySet[Sweep]:
    """Every sweep, for the office."""
    found = Sweep.objects.select_related("from_year", "to_year", "action", "planned_by")
    return found if policies.may_plan(user) else found.none()


def sweep_for(user: User, pk: UUID) -> Sweep:
    """One sweep; raises NotFound."""
    sweep = visible_to(user).filter(pk=pk).first()
    if sweep is None:
        raise NotFound("There is no such sweep.")
    return sweep


def decisions_of(sweep: Sweep, school_class: UUID) -> QuerySet[Decision]:
    """What is decided for the students of one class."""
    return sweep.decisions.filter(from_class=school_class).select_related("student", "to_class")


def preview(sweep: Sweep) -> list[Line]:
    """Class by class: how many are promoted where, repeat, graduate and leave. Three questions for any number."""
    lines = {
        row.pk: Line(row)
        for row in SchoolClass.objects.filter(pk__in=sweep.decisions.order_by().values("from_class")).select_related(
            "grade_level", "stream"
        )
    }
    counted = (
        sweep.decisions.order_by()
        .values("from_class", "outcome", "to_class__name")
        .annotate(n=Count("pk"), exceptions=Count("pk", filter=Q(is_exception=True)))
    )
    for row in counted:
        line = lines[row["from_class"]]
        line.numbers[row["outcome"]] = line.number(row["outcome"]) + row["n"]
        line.exceptions += row["exceptions"]
        if row["to_class__name"]:
            line.targets.append((row["to_class__name"], row["n"]))
        elif row["outcome"] in (Outcome.PROMOTE, Outcome.REPEAT):
            line.nowhere += row["n"]
    for line in lines.values():
        line.targets.sort()
    return sorted(lines.values(), key=lambda line: (line.school_class.grade_level.order, line.school_class.name))


def obstacles(sweep: Sweep, today: date) -> list[str]:
    """Why the sweep cannot be carried out yet, as sentences; empty when it can."""
    said: list[str] = []
    last = sweep.from_year.terms.order_by("-ends_on").first()
    ends = last.ends_on if last else sweep.from_year.ends_on
    if today <= ends:
        said.append(
            _("%(year)s runs until %(day)s. The sweep can be planned now and carried out after that day.")
            % {"year": sweep.from_year.name, "day": date_format(ends, "j F Y")}
        )
    nowhere = sweep.decisions.filter(outcome__in=(Outcome.PROMOTE, Outcome.REPEAT), to_class=None)
    for name, number in nowhere.order_by("from_class__name").values_list("from_class__name").annotate(n=Count("pk")):
        said.append(_("%(n)d of %(name)s have no class to go to.") % {"n": number, "name": name})
    wanted = dict(sweep.decisions.exclude(to_class=None).order_by().values_list("to_class").annotate(n=Count("pk")))
    inside = dict(
        Enrolment.objects.filter(school_class__in=wanted, ends_on=None)
        .order_by()
        .values_list("school_class")
        .annotate(n=Count("pk"))
    )
    for row in SchoolClass.objects.filter(pk__in=wanted).exclude(capacity=None):
        number = wanted[row.pk] + (inside.get(row.pk, 0) if row.year_id == sweep.to_year_id else 0)
        if row.capacity is not None and number > row.capacity:
            words = {"name": row.name, "places": row.capacity, "n": number}
            said.append(_("%(name)s has %(places)d places, and %(n)d would be in it.") % words)
    missing = Enrolment.objects.filter(school_class__year=sweep.from_year, ends_on=None).exclude(
        student__in=sweep.decisions.order_by().values("student")
    )
    number = missing.count()
    if number:
        said.append(_("%(n)d who joined since are not in the plan. Plan it again.") % {"n": number})
    return said


def offered_classes(year: AcademicYear) -> QuerySet[SchoolClass]:
    """The classes that a student may go to."""
    return SchoolClass.objects.filter(year=year).select_related("grade_level", "stream")
