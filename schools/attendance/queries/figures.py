"""What attendance adds up to: shares, totals, the state of a day."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from schools.attendance.choices import Code
from schools.people.models import Student

HERE = (Code.PRESENT, Code.LATE)


def percent(part: int, whole: int) -> Decimal | None:
    """A share in per cent with one decimal, half up; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Totals:
    """What registers say of one student over some time; `days` counts the days on which a roll was called."""

    present: int = 0
    absent: int = 0
    late: int = 0
    excused: int = 0
    days: int = 0
    brought_forward: int = 0

    @property
    def counted(self) -> int:
        """Roll calls that the student was marked in."""
        return self.present + self.absent + self.late + self.excused

    @property
    def here(self) -> int:
        """Roll calls at which the student was at school, if late."""
        return self.present + self.late

    @property
    def percent(self) -> Decimal | None:
        """Roll calls at school in per cent of those counted, one decimal; None when none was taken."""
        return percent(self.here, self.counted)

    @property
    def days_here(self) -> Decimal:
        """Days at school; with two roll calls a day one of them is half a day."""
        if not self.counted:
            return Decimal(0)
        return (Decimal(self.here) * self.days / self.counted).quantize(Decimal("0.1"), ROUND_HALF_UP).normalize()

    @property
    def absences(self) -> int:
        """Roll calls missed without leave, and those brought from an earlier system."""
        return self.absent + self.brought_forward


@dataclass(frozen=True, slots=True)
class ClassDay:
    """One class in the state of a day."""

    class_id: UUID
    name: str
    grade: str
    stream: str
    teacher: str
    teacher_phone: str
    roll: int
    present: int
    absent: int
    late: int
    excused: int
    taken: bool

    @property
    def counted(self) -> int:
        """Learners the register speaks of."""
        return self.present + self.absent + self.late + self.excused

    @property
    def here(self) -> int:
        """Learners at school, late ones too."""
        return self.present + self.late

    @property
    def left(self) -> int:
        """Learners of whom nothing is known yet."""
        return max(0, self.roll - self.counted)

    @property
    def percent(self) -> Decimal | None:
        """Per cent at school of those counted."""
        return percent(self.here, self.counted)


@dataclass(frozen=True, slots=True)
class DayState:
    """How the school's roll calls of one session stand."""

    date: date
    session: str
    classes: tuple[ClassDay, ...]

    def total(self, name: str) -> int:
        """The sum over all classes of `roll`, `counted`, `here`, `present`, `absent`, `late`, `excused` or `left`."""
        return sum(getattr(one, name) for one in self.classes)

    @property
    def counted(self) -> int:
        """Learners that registers speak of."""
        return self.total("counted")

    @property
    def here(self) -> int:
        """Learners at school."""
        return self.total("here")

    @property
    def absent(self) -> int:
        """Learners absent."""
        return self.total("absent")

    @property
    def late(self) -> int:
        """Learners who came late."""
        return self.total("late")

    @property
    def excused(self) -> int:
        """Learners away with leave."""
        return self.total("excused")

    @property
    def left(self) -> int:
        """Learners of whom nothing is known yet."""
        return self.total("left")

    @property
    def taken(self) -> int:
        """Registers that are complete."""
        return sum(1 for one in self.classes if one.roll and one.taken)

    @property
    def missing(self) -> tuple[ClassDay, ...]:
        """Classes with learners whose register is not complete."""
        return tuple(one for one in self.classes if one.roll and not one.taken)

    @property
    def expected(self) -> int:
        """Registers that the day asks for."""
        return sum(1 for one in self.classes if one.roll)

    @property
    def percent(self) -> Decimal | None:
        """Per cent at school of those counted, over the school."""
        return percent(self.total("here"), self.total("counted"))


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one student: the mark, or "" where there is none (yet)."""

    date: date
    code: str
    today: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A student who was absent at the last roll calls one after the other."""

    student: Student
    class_name: str
    days: int
    since: date
    reason: str
