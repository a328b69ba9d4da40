"""What a demo school is made of before anybody is in it: its ladder, classes, subjects and staff."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the ladder, with the age that its learners turn in the year."""

    name: str
    code: str
    age: int
    stage: str
    curriculum: str = "cbe"


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """One class and how many learners it has."""

    level: Level
    stream: str
    size: int

    @property
    def name(self) -> str:
        """As the school says it."""
        return f"{self.level.name} {self.stream}"


@dataclass(frozen=True, slots=True)
class SubjectPlan:
    """A learning area or subject, and the stages of the ladder that take it; `short_name` is once in a stage."""

    code: str
    short_name: str
    name: str
    stages: tuple[str, ...]
    curriculum: str = "cbe"
    hard: int = 0  # points by which marks lie below the usual


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """Somebody who works here; without a name, one is invented. `teaches` are short names of subjects."""

    name: str = ""
    sex: str = ""
    title: str = "Teacher"
    roles: tuple[str, ...] = ("teacher",)
    teaches: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    class_name: str = ""
    also: tuple[str, ...] = ()  # other classes that they teach for certain


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of subjects: each learner of the stages takes `take` of them, or one whole set of a pathway."""

    stages: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class AdultPlan:
    """A guardian known by name."""

    name: str
    relationship: str
    phone: str
    language: str = "en"
    sees_portal: bool = True
    may_collect: bool = True
    gets_messages: bool = True


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """A learner known by name; community as in `names`."""

    name: str
    sex: str
    class_name: str
    community: str
    admission_number: str = ""
    born: tuple[int, int] | None = None  # month, day
    upi: str = ""
    knec: str = ""


@dataclass(frozen=True, slots=True)
class FamilyPlan:
    """A household known by name. Its first child's family name is the household's."""

    children: tuple[ChildPlan, ...]
    adults: tuple[AdultPlan, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SchoolPlan:
    """One demo school."""

    kind: str
    name: str
    mail: str
    facts: dict[str, Any]
    streams: tuple[str, ...]
    classes: tuple[ClassPlan, ...]
    subjects: tuple[SubjectPlan, ...]
    options: tuple[Option, ...]
    staff: tuple[StaffPlan, ...]
    families: tuple[FamilyPlan, ...]
    towns: tuple[str, ...]
    girls_only: bool
    boarding: bool
    prefix: str
    first_number: int
    siblings: tuple[int, ...]  # of 100 families, how many have 1, 2, 3, 4 children here
    away: float  # part of the days that an ordinary learner misses
    users: dict[str, str]  # role: username of the one who signs in to show it
    not_taken: tuple[str, ...]  # classes whose register waits today
    mid_term: dict[tuple[str, str], int]  # (class, subject): marks entered so far
    known_marks: dict[str, dict[str, tuple[int, int]]] = field(
        default_factory=dict
    )  # per cent at the end of Terms 1, 2
    often_away: tuple[str, ...] = ()  # admission numbers
    away_now: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # the last days: mark, reason, how many

    def class_named(self, name: str) -> ClassPlan:
        """A class by its name."""
        return next(found for found in self.classes if found.name == name)

    def subjects_of(self, level: Level) -> list[SubjectPlan]:
        """What may be taken at a level."""
        return [
            found for found in self.subjects if level.stage in found.stages and found.curriculum == level.curriculum
        ]

    def optional(self, level: Level) -> tuple[tuple[str, ...], ...]:
        """The sets of subjects that learners of a level choose between; none where everybody takes everything."""
        return next((option.sets for option in self.options if level.stage in option.stages), ())


def username(name: str) -> str:
    """`Wanjiru Kamau` signs in as `wanjiru.kamau`."""
    parts = name.lower().replace("’", "").split()
    return f"{parts[0]}.{parts[-1]}"
