"""Attendance laid out as heat grids."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from schools.attendance.queries import ClassDay, DayState, percent
from web.charts import Cell

Rows = list[tuple[str, list[Cell | None]]]


def heat(state: DayState, address: Callable[[ClassDay], str]) -> tuple[list[str], Rows]:
    """Streams by grade levels, each square a class's share at school and the way into its register."""
    grades = list(dict.fromkeys(one.grade for one in state.classes))
    streams = list(dict.fromkeys(one.stream for one in state.classes))
    squares = {(one.stream, one.grade): one for one in state.classes if one.roll}
    rows: Rows = []
    for stream in streams:
        cells: list[Cell | None] = []
        for grade in grades:
            one = squares.get((stream, grade))
            cells.append(_class_cell(one, address(one)) if one else None)
        rows.append((stream or _("All"), cells))
    return [_short(grade) for grade in grades], rows


def month(
    first: date,
    last: date,
    today: date,
    school_days: set[date],
    taken: Mapping[date, tuple[int, int, bool]],
    address: Callable[[date], str],
) -> tuple[list[str], Rows]:
    """Weeks by weekdays of one month, each square a day's share at school and the way into its register."""
    width = 7 if any(day.weekday() >= 5 for day in school_days) else 5
    monday = first - timedelta(days=first.weekday())
    names = [formats.date_format(monday + timedelta(days=n), "D") for n in range(width)]
    rows: Rows = []
    while monday <= last:
        cells: list[Cell | None] = []
        for n in range(width):
            day = monday + timedelta(days=n)
            inside = first <= day <= last and day <= today and day in school_days
            cells.append(_day_cell(day, taken.get(day), address(day)) if inside else None)
        if any(cells):
            rows.append((formats.date_format(max(monday, first), "j M"), cells))
        monday += timedelta(days=7)
    return names, rows


def _class_cell(one: ClassDay, url: str) -> Cell:
    if not one.taken or one.percent is None:
        return Cell(None, url, _("%(class)s: register missing") % {"class": one.name})
    share = float(one.percent)
    return Cell(share, url, _("%(class)s: %(share)s %% present") % {"class": one.name, "share": round(share)})


def _day_cell(day: date, counts: tuple[int, int, bool] | None, url: str) -> Cell:
    name = formats.date_format(day, "l j F")
    share = percent(counts[0], counts[1]) if counts else None
    if share is None:
        return Cell(None, url, _("%(day)s: register missing") % {"day": name})
    return Cell(float(share), url, _("%(day)s: %(share)s %% present") % {"day": name, "share": round(share)})


def _short(grade: str) -> str:
    """`Grade 6` as 6, so that eleven fit on a phone."""
    head, _space, tail = grade.rpartition(" ")
    return tail if head in ("Grade", "Form") and tail.isdigit() else grade
