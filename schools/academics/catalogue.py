"""A country's calendar, ladder of grades and learning areas, as data; laid around the year that a school begins in."""

import functools
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """One term as the ministry publishes it, half-term included."""

    name: str
    starts_on: date
    ends_on: date
    half_term: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Level:
    """One grade level of the country's ladder."""

    code: str
    name: str
    curriculum: str
    stage: str


@dataclass(frozen=True, slots=True)
class Area:
    """One learning area or subject, with the stages that take it; optional ones are an alternative to another."""

    code: str
    name: str
    short: str
    curriculum: str
    stages: tuple[str, ...]
    optional: bool


@functools.cache
def _read(country: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{country}.json").read_text(encoding="utf-8"))
    return found


def terms(year: int, country: str = "kenya") -> list[Span]:
    """The terms of a year: the published calendar, moved by whole weeks so that the days of the week stay."""
    calendar = _read(country)["calendar"]
    published = date(calendar["year"], 1, 1)
    moved = timedelta(days=round((date(year, 1, 1) - published).days / WEEK) * WEEK)

    def day(text: str) -> date:
        return date.fromisoformat(text) + moved

    return [
        Span(
            name=term["name"],
            starts_on=day(term["starts_on"]),
            ends_on=day(term["ends_on"]),
            half_term=(day(term["half_term"][0]), day(term["half_term"][1])) if term["half_term"] else None,
        )
        for term in calendar["terms"]
    ]


def grade_levels(country: str = "kenya") -> list[Level]:
    """The ladder, lowest first."""
    return [Level(**row) for row in _read(country)["grade_levels"]]


def learning_areas(stage: str = "", country: str = "kenya") -> list[Area]:
    """The learning areas of a stage (`pre_primary lower_primary upper_primary junior senior secondary`), or all."""
    areas = [
        Area(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            curriculum=row["curriculum"],
            stages=tuple(row["stages"]),
            optional=row.get("optional", False),
        )
        for row in _read(country)["subjects"]
    ]
    return [area for area in areas if not stage or stage in area.stages]


def stage_of(code: str, country: str = "kenya") -> str:
    """The stage of a grade level's code; empty when the country does not know it."""
    return next((level.stage for level in grade_levels(country) if level.code == code), "")
