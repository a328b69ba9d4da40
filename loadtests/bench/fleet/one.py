"""One school with a year behind it: exported, restored, archived, brought back, erased; and taken out of a moment."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from loadtests.bench.figures import Figure
from loadtests.bench.fleet.ground import Ground

KIND, STUDENTS = "baraka", 1000


def measure(ground: Ground) -> list[Figure]:
    """The whole life of a copy, in a fleet of many other schools."""
    from core import clock
    from tenants import lifecycle, restoring
    from tenants.archive import exporting, making

    school, students = lay()
    facts = [Figure("students of one school with a year of data", students, None, ""), *_rows(school)]
    to = ground.home / "export.zip"
    export = _seconds("export", lambda: exporting.write(to, school, at=clock.now()))
    whole = _seconds("archive for restoring", lambda: making.back_up(school_id=school.pk, at=clock.now()))

    def restore() -> None:
        asked = restoring.ask(school_id=school.pk, copy_id=newest(school).pk, by=None, at=clock.now(),
                              in_background=False)  # fmt: skip
        restoring.load(asked.pk, at=clock.now())
        restoring.swap(restoration_id=asked.pk, by=None, at=clock.now())

    back = _seconds("restore", restore)
    lifecycle.suspend(school_id=school.pk, reason="bench", by=None, at=clock.now())
    away = _seconds("archive", lambda: lifecycle.put_away(school_id=school.pk, by="", at=clock.now()))
    again = _seconds("bring back", lambda: lifecycle.bring_back(school_id=school.pk, at=clock.now()))
    gone = _seconds("erase", _erasure_of(school))
    return [
        *facts,
        Figure("its portable export", export, 20, "s"),
        Figure("its archive for restoring", whole, None, "s"),
        Figure("restored from it: loaded beside, compared, swapped in", back, 30, "s"),
        Figure("put away: archive kept, tables and files dropped", away, None, "s"),
        Figure("brought back under its id", again, None, "s"),
        Figure("erased, with its copies", gone, None, "s"),
    ]


def lay() -> tuple[Any, int]:
    """The school, provisioned and lived in, once: its row and how many students it has."""
    from core import clock
    from schools.demo import roll
    from schools.home import demo
    from schools.people.models import Student
    from tenants import context
    from tenants.models import School

    plan = roll.PLANS[KIND]
    larger = STUDENTS / sum(found.size for found in plan.classes)
    classes = tuple(replace(found, size=math.ceil(found.size * larger)) for found in plan.classes)
    roll.PLANS[KIND] = replace(plan, classes=classes)
    for line in demo.set_up(demo.Wanted((KIND,), clock.today(), clock.now())):
        print(f"  {line}", flush=True)
    roll.PLANS[KIND] = plan
    with context.in_public():
        school = School.objects.get(slug=KIND)
    with context.in_school(school):
        return school, Student.objects.count()


def newest(school: Any) -> Any:
    """The school's newest archive."""
    from tenants import context
    from tenants.models import Copy, CopyKind, CopyState

    with context.in_public():
        kept = Copy.objects.filter(school_id=school.pk, kind=CopyKind.ARCHIVE, state=CopyState.DONE)
        return kept.order_by("-finished_at")[0]


def _rows(school: Any) -> Iterator[Figure]:
    from schools.assessment.models import Mark
    from schools.attendance.models import AttendanceMark
    from tenants import context

    with context.in_school(school):
        yield Figure("its attendance marks", AttendanceMark.objects.count(), None, "")
        yield Figure("its marks", Mark.objects.count(), None, "")


def _erasure_of(school: Any) -> Callable[[], Any]:
    """Asked for and confirmed by two operators, the grace long over; what is left to do."""
    from core import clock
    from identity import accounts, roles
    from tenants import context, erasing

    at = clock.now()
    with context.in_public():
        asks, confirms = (
            accounts.create(username=f"{name}@example.org", full_name=name, roles=[roles.OPERATOR], by=None, at=at)
            for name in ("Asha", "Brian")
        )
    erasing.ask(school_id=school.pk, reason="bench", by=asks, at=at)
    erasure = erasing.confirm(school_id=school.pk, by=confirms, at=at)
    return lambda: erasing.carry_out(erasure, at=erasure.due_at)


def _seconds(what: str, act: Callable[[], Any]) -> float:
    with timed(what) as took:
        act()
    return took[0]


@contextmanager
def timed(what: str) -> Iterator[list[float]]:
    """The seconds that a block took, once it is over."""
    took: list[float] = []
    began = time.perf_counter()
    yield took
    took.append(time.perf_counter() - began)
    print(f"  {what}: {took[0]:.1f} s", flush=True)
