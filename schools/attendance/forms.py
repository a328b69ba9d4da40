"""What the register page hands in: radios and fields named after each student."""

import re
from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.http import QueryDict

from schools.attendance.choices import Code, Session
from schools.attendance.models import AttendanceMark, Rules
from schools.attendance.services import Line

MOST_LINES = 500
USUAL_MINUTES = (5, 10, 20, 30)
_WHOLE = re.compile(r"^-?[0-9]{1,9}$")


class RulesForm(forms.ModelForm[Rules]):
    """How absences are followed up."""

    class Meta:
        model = Rules
        fields = ("notify", "notify_after", "notify_by_sms")
        widgets = {"notify_after": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}


def session_of(value: str | None) -> str:
    """The session asked for; the morning when it is none of the day's."""
    return value if value in Session.values else str(Session.MORNING)


def lines(posted: QueryDict, held: Mapping[UUID, AttendanceMark]) -> list[Line]:
    """One line for each student with a mark. A reason goes with absent and excused, minutes with late."""
    found: list[Line] = []
    for name, code in posted.items():
        if not name.startswith("mark-") or not isinstance(code, str) or len(found) >= MOST_LINES:
            continue
        student = name.removeprefix("mark-")
        line: Line = {"student": student, "code": code}
        if code in (Code.ABSENT, Code.EXCUSED):
            line["reason"] = posted.get(f"reason-{student}") or None
        if code == Code.LATE:
            line["minutes_late"] = minutes(late(posted, student))
            line["reason"] = _kept_reason(student, held)
        found.append(line)
    return found


def late(posted: Mapping[str, str], student: str) -> str:
    """The minutes of a late student: the chip that was pressed, else what stands in the field."""
    pressed = posted.get(f"soon-{student}", "")
    return pressed if pressed.isdecimal() else posted.get(f"late-{student}", "")


def minutes(typed: str) -> int | None:
    """Whole minutes; none typed is none; anything else is -1, which the service refuses in words."""
    typed = typed.strip()
    if not typed:
        return None
    return int(typed) if _WHOLE.match(typed) else -1


def _kept_reason(student: str, held: Mapping[UUID, AttendanceMark]) -> str | None:
    """A late learner's reason came from elsewhere; the page does not ask for it and must not lose it."""
    for student_id, mark in held.items():
        if str(student_id) == student and mark.code == Code.LATE and mark.reason:
            return mark.reason.code
    return None
