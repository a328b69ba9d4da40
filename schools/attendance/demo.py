"""A demo school's registers: every school day so far, with the ways in which learners are really away.

What happens in a week of a class falls the same way each time, whichever of its days are asked for; so a later start
adds the days in between as if they had been there from the beginning.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from audit import recording as audit
from schools.academics.models import Enrolment, SchoolClass
from schools.attendance.choices import Code, RegisterStatus
from schools.attendance.models import AbsenceReason, AttendanceMark, Register
from schools.demo import calendar, plan, roll, writing
from tenants import demo
from tenants.demo import Stage

FAR = timedelta(days=20_000)
START_OF_SPELL = (23, 15, 15, 18, 29)  # Monday to Friday: market day is a Friday
LENGTH_OF_SPELL = (55, 30, 15)  # one, two, three days
REASONS = {
    Code.ABSENT: (("sick", 40), ("family", 18), ("fees", 12), ("weather", 8), ("not_known", 12), ("", 10)),
    Code.EXCUSED: (("sick", 55), ("school", 25), ("family", 20)),
}


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody in a class for a time."""

    pk: UUID
    number: str
    first_day: date
    last_day: date | None
    away: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a register says of somebody who was not simply there."""

    code: str
    reason: str = ""
    minutes: int | None = None


def load(stage: Stage) -> str:
    """Call every roll up to today; today a few classes still wait."""
    registers, marks = _call_rolls(stage)
    audit.record("attendance.taken_over", by=None, at=stage.at, changes={"registers": registers, "marks": marks})
    return f"{registers} registers with {marks} marks"


def follow(stage: Stage, moved: timedelta) -> None:
    """Move the registers with the year, take back those of days to come, call the rolls since then."""
    if moved:
        # Dates move out of the way first: a register may not meet another of its class on the same day.
        Register.objects.update(date=F("date") + FAR, taken_at=F("taken_at") + moved)
        Register.objects.update(date=F("date") - (FAR - moved))
        AttendanceMark.objects.update(marked_at=F("marked_at") + moved)
    Register.objects.filter(date__gte=stage.today).delete()
    registers, marks = _call_rolls(stage)
    audit.record("attendance.continued", by=None, at=stage.at, changes={"registers": registers, "marks": marks})


def _call_rolls(stage: Stage) -> tuple[int, int]:
    """Add the registers that are not there yet; gives back how many, and how many marks."""
    school = roll.PLANS[stage.kind]
    classes = list(SchoolClass.objects.select_related("class_teacher"))
    learners = _learners(stage, school)
    held = set(Register.objects.values_list("school_class_id", "date"))
    days = list(calendar.lay(stage.today).days_so_far())
    recent = [day for _term, day in days if day < stage.today][-5:]
    registers: list[Register] = []
    said: list[tuple[Register, list[Learner], dict[UUID, Said]]] = []
    for school_class in classes:
        weeks: dict[tuple[int, int], list[dict[UUID, Said]]] = {}
        for term, day in days:
            waits = day == stage.today and school_class.name in school.not_taken
            if waits or (school_class.pk, day) in held:
                continue
            inside = [
                found
                for found in learners.get(school_class.pk, ())
                if found.first_day <= day and (found.last_day is None or day <= found.last_day)
            ]
            week = (term.number, (day - term.starts_on).days // 7)
            if week not in weeks:
                weeks[week] = _week(stage, school_class.name, week, learners.get(school_class.pk, ()))
            happened = dict(weeks[week][day.weekday()])
            happened.update(_known(school, inside, day, recent))
            register = _register(stage, school_class, day)
            registers.append(register)
            said.append((register, inside, happened))
    Register.objects.bulk_create(registers, batch_size=1000)
    reasons = dict(AbsenceReason.objects.values_list("code", "pk"))
    fields = ("register", "student", "code", "reason", "minutes_late", "marked_by", "marked_at")
    return len(registers), writing.copy(AttendanceMark, fields, _rows(said, reasons), at=stage.at)


def _rows(
    said: Iterable[tuple[Register, list[Learner], dict[UUID, Said]]], reasons: dict[str, UUID]
) -> Iterator[tuple[object, ...]]:
    names = {code: pk.hex for code, pk in reasons.items()}
    for register, inside, happened in said:
        key, taken_at = register.pk.hex, register.taken_at.isoformat() if register.taken_at else None
        by = register.taken_by_id.hex if register.taken_by_id else None
        for learner in inside:
            found = happened.get(learner.pk)
            if found is None:
                yield key, learner.pk.hex, "P", None, None, by, taken_at
            else:
                yield key, learner.pk.hex, found.code, names.get(found.reason), found.minutes, by, taken_at


def _register(stage: Stage, school_class: SchoolClass, day: date) -> Register:
    """Taken between 7:50 and 8:25 of its day, and never later than now."""
    minutes = stage.chance("roll", school_class.name, day.isoformat()).randint(0, 35)
    called = timezone.make_aware(datetime.combine(day, time(7, 50))) + timedelta(minutes=minutes)
    teacher = school_class.class_teacher
    return Register(
        school_class=school_class,
        date=day,
        status=RegisterStatus.TAKEN,
        taken_by_id=teacher.user_id if teacher else None,
        taken_at=min(called, stage.at),
    )


def _learners(stage: Stage, school: plan.SchoolPlan) -> dict[UUID, list[Learner]]:
    """Who was in which class from when to when."""
    found: dict[UUID, list[Learner]] = {}
    rows = Enrolment.objects.order_by("student__admission_number").values_list(
        "school_class_id", "student_id", "student__admission_number", "starts_on", "ends_on"
    )
    for class_id, student_id, number, first_day, last_day in rows:
        away = _away(stage, school, number)
        found.setdefault(class_id, []).append(Learner(student_id, number, first_day, last_day, away))
    return found


def _away(stage: Stage, school: plan.SchoolPlan, number: str) -> float:
    """The part of the days that a learner misses: a few miss a fifth, some a fourteenth, most very few."""
    drawn = stage.chance("away", number).random()
    if number in school.often_away or drawn < 0.03:
        return 0.19
    return 0.07 if drawn < 0.12 else school.away


def _week(stage: Stage, class_name: str, week: tuple[int, int], learners: Iterable[Learner]) -> list[dict[UUID, Said]]:
    """What happens in one week of a class, by day of the week."""
    chance = stage.chance("week", class_name, *week)
    days: list[dict[UUID, Said]] = [{} for _day in range(7)]
    for learner in learners:
        spell, late, weekend = chance.random(), chance.random(), chance.random()
        if late < 0.085:
            said = Said(Code.LATE, "weather" if late < 0.01 else "", chance.randint(3, 45))
            days[chance.randrange(5)][learner.pk] = said
        if spell < learner.away * 5 / 1.45:
            first = chance.choices(range(5), weights=START_OF_SPELL)[0]
            length = chance.choices((1, 2, 3), weights=LENGTH_OF_SPELL)[0]
            code = Code.EXCUSED if chance.random() < 0.25 else Code.ABSENT
            codes, weights = zip(*REASONS[code], strict=True)
            said = Said(code, chance.choices(codes, weights=weights)[0])
            for day in range(first, min(first + length, 5)):
                days[day][learner.pk] = said
        if weekend < learner.away:
            days[5][learner.pk] = days[6][learner.pk] = Said(Code.ABSENT, "family")
    return days


def _known(
    school: plan.SchoolPlan, inside: Iterable[Learner], day: date, recent: list[date]
) -> Iterator[tuple[UUID, Said]]:
    """Those who have been away these days for a reason that the demo tells."""
    for learner in inside:
        if learner.number in school.away_now:
            code, reason, length = school.away_now[learner.number]
            if day in recent[-length:]:
                yield learner.pk, Said(code, reason)


demo.register("attendance", load, order=30, follow=follow)
