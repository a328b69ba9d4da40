"""How long a student was at school, from the mark and the school's own times."""

from datetime import date, datetime, time

from schools.attendance.choices import Code, Scope, Session
from schools.attendance.models import AttendanceMark, Rules

HERE_ALL_THE_SAME = (Scope.ONSITE, Scope.ONSITE_LATE)


def span(session: str, rules: Rules) -> tuple[time, time]:
    """When a session starts and ends."""
    if session == Session.MORNING:
        return rules.morning_from, rules.morning_until
    return rules.afternoon_from, rules.afternoon_until


def possible(session: str, rules: Rules) -> int:
    """Minutes of a session."""
    return between(*span(session, rules))


def present(mark: AttendanceMark, session: str, rules: Rules) -> int:
    """Minutes of a session that a student was there: 0 to `possible`.

    Absent and excused are none, unless the finer code says that the student was at school, as in the sick bay.
    """
    if mark.code in (Code.ABSENT, Code.EXCUSED) and not (mark.given and mark.given.scope in HERE_ALL_THE_SAME):
        return 0
    starts, ends = span(session, rules)
    until = min(max(mark.left_at, starts), ends) if mark.left_at else ends
    return max(0, between(starts, until) - (mark.minutes_late or 0))


def between(first: time, last: time) -> int:
    """Whole minutes from one time of day to a later one."""
    day = date(2000, 1, 1)
    return int((datetime.combine(day, last) - datetime.combine(day, first)).total_seconds() // 60)
