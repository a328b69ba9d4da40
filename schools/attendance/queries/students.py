"""What registers say of students over time: totals, weeks, runs of absence."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from core import cache
from schools.academics.models import Term
from schools.attendance import minutes
from schools.attendance.choices import Code, Session
from schools.attendance.models import AttendanceMark, BroughtForward
from schools.attendance.queries import registers
from schools.attendance.queries.figures import HERE, Day, Run, Totals
from schools.people.models import Student

RUNS_SECONDS = 600


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


def minutes_of(student: Student, starts_on: date, ends_on: date) -> tuple[int, int]:
    """Minutes at school, and minutes of the roll calls that the student was marked in, over some time."""
    rules = registers.rules()
    marks = AttendanceMark.objects.filter(student=student, register__date__gte=starts_on, register__date__lte=ends_on)
    rows = [(mark, mark.register.session) for mark in marks.select_related("register", "given")]
    here = sum(minutes.present(mark, session, rules) for mark, session in rows)
    return here, sum(minutes.possible(session, rules) for _mark, session in rows)
