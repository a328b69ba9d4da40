"""The demo's year of life: each domain gives its part to a demo school, and says how that part follows the days.

A part is a module `demo` of a domain's app that calls `register()`; nothing else of the product imports it. It is
loaded once, in a transaction of its own; the school's audit trail says which parts are there and for which day they
were laid. On a later day nothing is built anew: the parts move by whole weeks, so that the new day lies in the same
week of the same term, and add what the days since then lack.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from audit import recording as audit
from audit.models import Entry
from core import clock, scope
from tenants import context, lifecycle
from tenants.models import School, SchoolKind

LOADED, MOVED = "demo.loaded", "demo.moved"
SATURDAY = 5
EXAMPLE_SCALE = 8  # about a hundred learners
log = logging.getLogger("shule.tenants")


@dataclass(frozen=True, slots=True)
class Stage:
    """What a demo school's parts are built from: whom it plays, the day it is laid around, how small it may be."""

    school: School
    kind: str
    today: date
    at: datetime
    scale: int = 1

    def chance(self, *key: object) -> random.Random:
        """Chance that falls the same way each time for the same school and key."""
        return random.Random(":".join(map(str, (self.kind, *key))))  # noqa: S311 - invented data, not secrets


Load = Callable[[Stage], str]
Follow = Callable[[Stage, timedelta], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One domain's share."""

    name: str
    order: int
    load: Load
    follow: Follow | None


_parts: dict[str, Part] = {}


def register(name: str, load: Load, *, order: int, follow: Follow | None = None) -> None:
    """Add a domain's part; both functions run inside the school's schema and one transaction.

    `load` says in one line what it made. `follow` is called on a later day with the whole weeks that its dates move by.
    """
    _parts[name] = Part(name, order, load, follow)


def parts() -> list[Part]:
    """The part of every app that has one, lowest order first."""
    autodiscover_modules("demo")
    return sorted(_parts.values(), key=lambda part: part.order)


def play(stage: Stage) -> Iterator[str]:
    """Give a school the parts that it lacks and bring it to the stage's day; yields a line for each thing done."""
    stage = replace(stage, school=_with_weekend(stage))
    with context.in_school(stage.school):
        loaded, day = _state()
        laid = replace(stage, today=day or stage.today)
        for part in parts():
            if part.name not in loaded:
                yield _line(part.name, *_load(part, laid))
        if laid.today != stage.today:
            started = time.perf_counter()
            _follow(stage, laid.today)
            yield _line("calendar", f"moved from {laid.today:%a %d %b %Y} to {stage.today:%a %d %b %Y}", started)


def lay_example(*, at: datetime) -> None:
    """A small example for the school of the scope, that nobody can sign in to but its head; killed, it goes on."""
    school_id = scope.current_school().id
    with context.in_public():
        school = School.objects.get(pk=school_id)
    kind = "baraka" if school.facts.get("kind") == SchoolKind.SENIOR else "mwangaza"
    for line in play(Stage(school=school, kind=kind, today=clock.today(), at=at, scale=EXAMPLE_SCALE)):
        log.info("example laid", extra={"school_id": str(school.pk), "part": line})


def _state() -> tuple[set[str], date | None]:
    """Which parts are loaded, and the day that they are laid around."""
    told = Entry.objects.filter(action__in=(LOADED, MOVED)).order_by("at", "pk").values_list("changes", flat=True)
    loaded: set[str] = set()
    day = None
    for changes in told:
        if "part" in changes:
            loaded.add(changes["part"])
        day = date.fromisoformat(changes["day"])
    return loaded, day


@transaction.atomic
def _load(part: Part, stage: Stage) -> tuple[str, float]:
    started = time.perf_counter()
    made = part.load(stage)
    audit.record(LOADED, by=None, at=stage.at, changes={"part": part.name, "day": stage.today, "made": made})
    return made, started


@transaction.atomic
def _follow(stage: Stage, before: date) -> None:
    weeks = timedelta(days=_monday(stage.today).toordinal() - _monday(before).toordinal())
    for part in parts():
        if part.follow is not None:
            part.follow(stage, weeks)
    audit.record(MOVED, by=None, at=stage.at, changes={"day": stage.today, "days": weeks.days})


def _with_weekend(stage: Stage) -> School:
    """The school, with lessons on the stage's day and on no other Saturday or Sunday."""
    school, day = stage.school, stage.today
    weekend = [day.isoformat()] if day.weekday() >= SATURDAY else None
    if school.facts.get("weekend_school") != weekend:
        lifecycle.present(
            school_id=school.pk, name=school.name, facts={"weekend_school": weekend}, by=None, at=stage.at
        )
        with context.in_public():
            school.refresh_from_db()
    return school


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _line(name: str, made: str, started: float) -> str:
    return f"{name}: {made} ({time.perf_counter() - started:.1f} s)"
