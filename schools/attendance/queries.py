"""What of attendance a user may read: registers, the state of a day, and what it adds up to for a student."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from core import cache
from identity import roles
from identity.models import User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass, Term
from schools.attendance import policies
from schools.attendance.choices import Code, RegisterStatus, Session
from schools.attendance.models import AbsenceReason, AttendanceLog, AttendanceMark, BroughtForward, Register
from schools.people import queries as people
from schools.people.models import Student

DAY_SECONDS = 30
RUNS_SECONDS = 600
HERE = (Code.PRESENT, Code.LATE)


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


def percent(part: int, whole: int) -> Decimal | None:
    """A share in per cent with one decimal, half up; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def visible_to(user: User) -> QuerySet[Register]:
    """Registers of the whole school for the office, of their own classes for a teacher, of none for others."""
    registers = Register.objects.select_related("school_class", "taken_by")
    if policies.sees_all(user):
        return registers
    if user.has_role(roles.TEACHER):
        return registers.filter(school_class__in=policies.classes_taken_by(user).order_by().values("pk"))
    return registers.none()


def classes_visible_to(user: User) -> QuerySet[SchoolClass]:
    """Classes whose registers this user may read."""
    if policies.sees_all(user):
        return SchoolClass.objects.all()
    if user.has_role(roles.TEACHER):
        return policies.classes_taken_by(user)
    return SchoolClass.objects.none()


def marks_visible_to(user: User) -> QuerySet[AttendanceMark]:
    """Marks of the students that this user sees; the bursar's desk sees none."""
    marks = AttendanceMark.objects.select_related("register", "reason")
    if policies.sees_all(user):
        return marks
    if not user.has_role(roles.TEACHER, roles.GUARDIAN, roles.STUDENT):
        return marks.none()
    return marks.filter(student__in=people.visible_to(user).values("pk"))


def reasons() -> list[AbsenceReason]:
    """The reasons that a register offers."""
    return list(AbsenceReason.objects.filter(is_active=True))


def find(school_class: SchoolClass, day: date, session: str) -> Register | None:
    """The register of a class, day and session, if it was opened."""
    return (
        Register.objects.filter(school_class=school_class, date=day, session=session)
        .select_related("taken_by", "school_class")
        .first()
    )


def marks_of(register: Register | None) -> dict[UUID, AttendanceMark]:
    """What a register says, by student."""
    if register is None:
        return {}
    return {m.student_id: m for m in register.marks.select_related("reason", "marked_by")}


def disagreements(register: Register | None) -> dict[UUID, AttendanceLog]:
    """What somebody else than the marker last said otherwise of each student in a register: applied or too late."""
    if register is None:
        return {}
    held = marks_of(register)
    found: dict[UUID, AttendanceLog] = {}
    for one in register.log.select_related("said_by").order_by("captured_at"):
        mark = held.get(one.student_id)
        if mark is not None and one.said_by_id != mark.marked_by_id and one.code != mark.code:
            found[one.student_id] = one
    return found


def day_state(day: date, session: str = Session.MORNING) -> DayState:
    """Every class's counts, remembered until a register is written; the rolls in it are at most half a minute old."""
    key = f"attendance:day:{day:%Y%m%d}:{session}"
    return cache.remember(key, DAY_SECONDS, lambda: count_day(day, session), room="attendance")


def day_state_of(class_ids: Collection[UUID], day: date, session: str = Session.MORNING) -> DayState:
    """The same of these classes alone."""
    state = day_state(day, session)
    return replace(state, classes=tuple(one for one in state.classes if one.class_id in class_ids))


def count_day(day: date, session: str, classes: QuerySet[SchoolClass] | None = None) -> DayState:
    """Every class's counts, in three queries whatever their number."""
    chosen = (SchoolClass.objects.all() if classes is None else classes).filter(
        year__starts_on__lte=day, year__ends_on__gte=day
    )
    rows = chosen.select_related("grade_level", "stream", "class_teacher").distinct()
    on_roll: dict[UUID, int] = dict(
        academics.enrolled_on(day).order_by().values_list("school_class").annotate(n=Count("pk"))
    )
    counts: dict[UUID, dict[str, int]] = {}
    marks = AttendanceMark.objects.filter(register__date=day, register__session=session)
    for class_id, code, number in (
        marks.values_list("register__school_class", "code").annotate(n=Count("pk")).order_by()
    ):
        counts.setdefault(class_id, {})[code] = number
    taken = set(
        Register.objects.filter(date=day, session=session, status=RegisterStatus.TAKEN).values_list(
            "school_class", flat=True
        )
    )
    return DayState(
        day,
        session,
        tuple(_class_day(one, on_roll.get(one.pk, 0), counts.get(one.pk, {}), one.pk in taken) for one in rows),
    )


def _class_day(one: SchoolClass, roll: int, counts: Mapping[str, int], taken: bool) -> ClassDay:
    teacher = one.class_teacher
    return ClassDay(
        class_id=one.pk,
        name=one.name,
        grade=one.grade_level.name,
        stream=one.stream.name if one.stream else "",
        teacher=teacher.short_name if teacher else "",
        teacher_phone=teacher.phone if teacher else "",
        roll=roll,
        present=counts.get(Code.PRESENT, 0),
        absent=counts.get(Code.ABSENT, 0),
        late=counts.get(Code.LATE, 0),
        excused=counts.get(Code.EXCUSED, 0),
        taken=taken and sum(counts.values()) >= roll,
    )


def school_days(days: Sequence[date], session: str = Session.MORNING) -> dict[date, Decimal | None]:
    """Per cent of the school present on each of these days."""
    marks = AttendanceMark.objects.filter(register__date__in=days, register__session=session)
    counted = {
        day: (here, all_)
        for day, here, all_ in marks.values_list("register__date")
        .annotate(here=Count("pk", filter=Q(code__in=HERE)), all=Count("pk"))
        .order_by()
    }
    return {day: percent(*counted.get(day, (0, 0))) for day in days}


def totals(student_ids: Iterable[UUID], *, starts_on: date, ends_on: date) -> dict[UUID, Totals]:
    """What the registers between two days add up to for each of the students, with what was brought forward."""
    wanted = list(student_ids)
    brought: dict[UUID, int] = dict(
        BroughtForward.objects.filter(student__in=wanted, year__starts_on__lte=ends_on, year__ends_on__gte=starts_on)
        .values_list("student")
        .annotate(n=Sum("absences"))
        .order_by()
    )
    marks = AttendanceMark.objects.filter(
        student__in=wanted, register__date__gte=starts_on, register__date__lte=ends_on
    )
    rows = (
        marks.order_by()
        .values_list("student")
        .annotate(
            present=Count("pk", filter=Q(code=Code.PRESENT)),
            absent=Count("pk", filter=Q(code=Code.ABSENT)),
            late=Count("pk", filter=Q(code=Code.LATE)),
            excused=Count("pk", filter=Q(code=Code.EXCUSED)),
            days=Count("register__date", distinct=True),
        )
    )
    found = {
        student_id: Totals(present, absent, late, excused, days, brought.pop(student_id, 0))
        for student_id, present, absent, late, excused, days in rows
    }
    return found | {student_id: Totals(brought_forward=number) for student_id, number in brought.items()}


def term_totals(student_ids: Iterable[UUID], term: Term | None) -> dict[UUID, Totals]:
    """The same for a term; nothing outside every term."""
    if term is None:
        return {}
    return totals(student_ids, starts_on=term.starts_on, ends_on=term.ends_on)


def brought_forward_total() -> int:
    """All absences that were brought from earlier systems."""
    return BroughtForward.objects.aggregate(n=Sum("absences"))["n"] or 0


def below(students: QuerySet[Student], share: int, term: Term | None) -> QuerySet[Student]:
    """The students who were at fewer than `share` per cent of the term's roll calls."""
    if term is None:
        return students.none()
    marks = AttendanceMark.objects.filter(register__date__gte=term.starts_on, register__date__lte=term.ends_on)
    low = (
        marks.values("student")
        .annotate(here=Count("pk", filter=Q(code__in=HERE)), counted=Count("pk"))
        .order_by()
        .filter(here__lt=F("counted") * share / 100.0)
    )
    return students.filter(pk__in=low.values("student"))


def days_of(student: Student, starts_on: date, ends_on: date) -> dict[date, str]:
    """One mark for each day: the worse of morning and afternoon."""
    worst = {Code.ABSENT: 3, Code.LATE: 2, Code.EXCUSED: 1, Code.PRESENT: 0}
    found: dict[date, str] = {}
    for day, code in student.attendance_marks.filter(
        register__date__gte=starts_on, register__date__lte=ends_on
    ).values_list("register__date", "code"):
        if day not in found or worst[Code(code)] > worst[Code(found[day])]:
            found[day] = code
    return found


def week_dates(day: date) -> list[date]:
    """Monday to Friday of a day's week; on a weekend the five days that end with it."""
    first = day - timedelta(days=day.weekday()) if day.weekday() < 5 else day - timedelta(days=4)
    return [first + timedelta(days=n) for n in range(5)]


def week_strips(student_ids: Sequence[UUID], today: date) -> dict[UUID, list[Day]]:
    """The week of each student, in one query; a missing roll call is ""."""
    dates = week_dates(today)
    codes: dict[tuple[UUID, date], str] = {}
    rows = AttendanceMark.objects.filter(
        student__in=student_ids, register__date__in=dates, register__session=Session.MORNING
    )
    for student_id, day, code in rows.values_list("student", "register__date", "code"):
        codes[student_id, day] = code
    return {
        student_id: [Day(day, codes.get((student_id, day), ""), day == today) for day in dates]
        for student_id in student_ids
    }


def latest_marks(student_ids: Sequence[UUID], day: date) -> dict[UUID, AttendanceMark]:
    """What was said of each student on a day; the afternoon's mark stands over the morning's."""
    rows = AttendanceMark.objects.filter(student__in=student_ids, register__date=day).select_related(
        "register", "marked_by", "reason"
    )
    return {m.student_id: m for m in rows.order_by("-register__session")}


def long_runs(today: date) -> list[Run]:
    """The whole school's students absent three roll calls running, longest first."""
    key = f"attendance:runs:{today:%Y%m%d}"
    return cache.remember(key, RUNS_SECONDS, lambda: runs(Student.objects.all(), today), room="attendance")


def runs(students: Iterable[UUID] | QuerySet[Student], today: date, *, least: int = 3, back: int = 30) -> list[Run]:
    """Students absent at their last `least` or more morning roll calls, longest first."""
    among = Q(student__in=students.values("pk")) if isinstance(students, QuerySet) else Q(student__in=list(students))
    recent = AttendanceMark.objects.filter(
        register__session=Session.MORNING,
        register__date__gt=today - timedelta(days=back),
        register__date__lte=today,
    )
    absent = recent.filter(among, code=Code.ABSENT).values("student").annotate(n=Count("pk"))
    often = [row["student"] for row in absent.order_by().filter(n__gte=least)]
    rows = (
        recent.filter(student__in=often)
        .order_by("student", "-register__date")
        .values_list("student", "register__date", "code", "reason__name", "register__school_class__name")
    )
    going: dict[UUID, tuple[int, date, str, str]] = {}
    ended: set[UUID] = set()
    for student_id, day, code, reason, class_name in rows:
        if student_id in ended:
            continue
        if code != Code.ABSENT:
            ended.add(student_id)
            continue
        days, _since, said, name = going.get(student_id, (0, day, "", class_name))
        going[student_id] = (days + 1, day, said or reason or "", name)
    long = {student_id: run for student_id, run in going.items() if run[0] >= least}
    people_of = {student.pk: student for student in Student.objects.filter(pk__in=long)}
    found = [
        Run(people_of[pk], name, days, since, reason)
        for pk, (days, since, reason, name) in long.items()
        if pk in people_of
    ]
    return sorted(found, key=lambda run: (-run.days, run.student.short_name))


def month(school_class: SchoolClass, starts_on: date, ends_on: date, session: str) -> dict[date, tuple[int, int, bool]]:
    """For each day with a register of a class: at school, counted, and whether it is complete."""
    rows = (
        Register.objects.filter(school_class=school_class, date__gte=starts_on, date__lte=ends_on, session=session)
        .annotate(here=Count("marks", filter=Q(marks__code__in=HERE)), counted=Count("marks"))
        .values_list("date", "here", "counted", "status")
    )
    return {day: (here, counted, status == RegisterStatus.TAKEN) for day, here, counted, status in rows}
