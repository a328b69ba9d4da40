"""How the school's days stand: each class, the whole school, a class's month."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from core import cache
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.attendance.choices import Code, RegisterStatus, Session
from schools.attendance.models import AttendanceMark, Register
from schools.attendance.queries.figures import HERE, ClassDay, DayState, percent

DAY_SECONDS = 30


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


def month(school_class: SchoolClass, starts_on: date, ends_on: date, session: str) -> dict[date, tuple[int, int, bool]]:
    """For each day with a register of a class: at school, counted, and whether it is complete."""
    rows = (
        Register.objects.filter(school_class=school_class, date__gte=starts_on, date__lte=ends_on, session=session)
        .annotate(here=Count("marks", filter=Q(marks__code__in=HERE)), counted=Count("marks"))
        .values_list("date", "here", "counted", "status")
    )
    return {day: (here, counted, status == RegisterStatus.TAKEN) for day, here, counted, status in rows}
