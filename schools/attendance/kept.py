"""A register that a phone kept while it had no signal."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core.errors import DomainError, NotAllowed, NotFound
from identity.models import User
from schools.academics import queries as academics
from schools.attendance import policies, queries, services
from schools.attendance.choices import Session, Source
from schools.attendance.models import AttendanceMark
from schools.attendance.services import Line
from schools.offline import kinds
from schools.offline.choices import State
from schools.offline.kinds import Answer, Captured

MOST_LINES = 500


def take(user: User, body: Mapping[str, Any], captured: Captured, at: datetime) -> Answer:
    """Save `{"class", "date", "session", "marks": [{"student", "code", "reason", "minutes_late", "age"}]}`.

    What the user may do is asked now, not when it was written down. For each student the newest capture wins; who is
    not on the roll any more is left out, with a sentence.
    """
    if not policies.may_open_registers(user):
        raise NotAllowed(_("Your account may not take registers."))
    asked = _uuid(body.get("class"))
    school_class = queries.classes_visible_to(user).filter(pk=asked).first() if asked else None
    if school_class is None:
        raise NotFound(_("There is no such class among yours."))
    day = _day(body.get("date"))
    marks = [_line(row, captured) for row in _rows(body.get("marks"))]
    on_roll = {str(pk) for pk in academics.roll(school_class, day).values_list("pk", flat=True)}
    outcome = services.take(
        school_class=school_class,
        date=day,
        session=str(body.get("session") or Session.MORNING),
        marks=[line for line in marks if line["student"] in on_roll],
        by=user,
        at=at,
        source=Source.OFFLINE,
    )
    replaced = [_replaced(mark) for mark in outcome.replaced]
    lines = [_newer(mark) for mark in outcome.stale]
    gone = [line for line in marks if line["student"] not in on_roll]
    lines += [{"student": line["student"], "message": _("Not in this class any more; left out.")} for line in gone]
    if not lines:
        return Answer(lines=replaced)
    message = _("%(n)d of your marks were not taken: a newer one stands, or the learner has left the class.")
    return Answer(State.PARTLY, message % {"n": len(lines)}, lines + replaced)


def register() -> None:
    """Let phones send registers."""
    kinds.register("attendance.register", take)


def _replaced(mark: AttendanceMark) -> dict[str, Any]:
    words = {"who": str(mark.marked_by or _("Somebody")), "mark": mark.words, "when": _clock(mark)}
    return {"student": str(mark.student_id), "message": _("%(who)s had said %(mark)s at %(when)s") % words}


def _clock(mark: AttendanceMark) -> str:
    return formats.time_format(timezone.localtime(mark.marked_at), "H:i")


def _newer(mark: AttendanceMark) -> dict[str, Any]:
    who = str(mark.marked_by) if mark.marked_by else _("Somebody")
    when = _clock(mark)
    return {
        "student": str(mark.student_id), "code": mark.code, "who": who, "when": when,
        "reason": mark.reason.code if mark.reason else None, "minutes_late": mark.minutes_late,
        "message": _("%(who)s marked %(mark)s at %(when)s; that is newer and stands.")
        % {"who": who, "mark": mark.words, "when": when},
    }  # fmt: skip


def _line(row: Mapping[str, Any], captured: Captured) -> Line:
    minutes = row.get("minutes_late")
    return {
        "student": str(row.get("student", ""))[:64].lower(),
        "code": str(row.get("code", ""))[:20],
        "reason": str(row["reason"])[:20] if row.get("reason") else None,
        "minutes_late": minutes if minutes is None or isinstance(minutes, int) else -1,
        "at": captured(row.get("age")),
    }


def _rows(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or len(value) > MOST_LINES or not all(isinstance(row, dict) for row in value):
        raise DomainError(_("Send the marks as a list of at most %(n)d.") % {"n": MOST_LINES})
    return value


def _day(value: Any) -> date:
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        raise DomainError(_("The register names no day.")) from None
    if not 1900 <= found.year < 2200:
        raise DomainError(_("The register names no day."))
    return found


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
