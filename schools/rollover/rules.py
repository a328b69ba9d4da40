"""What becomes of a student when nobody decides: the next taught level of the same curriculum, the same stream."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from schools.academics.models import AcademicYear, Enrolment, GradeLevel, SchoolClass
from schools.rollover.choices import Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its reason."""

    outcome: Outcome
    reason: str = ""


Rule = Callable[[Sequence[Enrolment]], Mapping[UUID, Verdict]]
_rules: dict[str, Rule] = {}


def register(name: str, rule: Rule) -> None:
    """Add a rule of a higher domain, such as "repeats when the mean is below 20": student id → verdict."""
    _rules[name] = rule


def verdicts(present: Sequence[Enrolment]) -> dict[UUID, Verdict]:
    """What the registered rules say; a later rule wins."""
    found: dict[UUID, Verdict] = {}
    for rule in _rules.values():
        found.update(rule(present))
    return found


class Ladder:
    """Which level follows which, and which class of the next year a student joins."""

    def __init__(self, from_year: AcademicYear, to_year: AcademicYear) -> None:
        taught = set(SchoolClass.objects.filter(year__in=(from_year, to_year)).values_list("grade_level", flat=True))
        self._levels = list(GradeLevel.objects.filter(pk__in=taught).order_by("order"))
        self._classes: dict[UUID, list[SchoolClass]] = {}
        for row in SchoolClass.objects.filter(year=to_year).select_related("grade_level", "stream"):
            self._classes.setdefault(row.grade_level_id, []).append(row)

    def after(self, level: GradeLevel) -> GradeLevel | None:
        """The next taught level of the same curriculum; None at its end."""
        higher = [one for one in self._levels if one.order > level.order and one.curriculum == level.curriculum]
        return higher[0] if higher else None

    def place(self, level: GradeLevel, like: SchoolClass) -> SchoolClass | None:
        """The class of this level with the same stream, else the only one there is."""
        offered = self._classes.get(level.pk, [])
        same = [row for row in offered if row.stream_id == like.stream_id]
        if same:
            return same[0]
        return offered[0] if len(offered) == 1 else None
