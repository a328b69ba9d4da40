"""What the register page hands in: radios and fields named after each student."""

import re
from collections.abc import Mapping
from datetime import time
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import text
from core.errors import DomainError
from identity.roles import Role
from schools.attendance.choices import Code, Session
from schools.attendance.lines import Line
from schools.attendance.models import AttendanceCode, AttendanceMark, Rules
from schools.attendance.services.codes import GIVERS

MOST_LINES = 500
USUAL_MINUTES = (5, 10, 20, 30)
_WHOLE = re.compile(r"^-?[0-9]{1,9}$")


class RulesForm(forms.ModelForm[Rules]):
    """The times of the school day, and how absences are followed up."""

    class Meta:
        model = Rules
        fields = (
            "morning_from", "morning_until", "afternoon_from", "afternoon_until", "notify", "notify_after",
            "notify_by_sms", "remind", "remind_after",
        )  # fmt: skip
        widgets = {
            name: forms.TimeInput(format="%H:%M", attrs={"type": "time"})
            for name in ("morning_from", "morning_until", "afternoon_from", "afternoon_until", "notify_after")
        }


def session_of(value: str | None) -> str:
    """The session asked for; the morning when it is none of the day's."""
    return value if value in Session.values else str(Session.MORNING)


def lines(posted: QueryDict, held: Mapping[UUID, AttendanceMark], finer: Mapping[str, str]) -> list[Line]:
    """One line for each student with a mark. A reason goes with absent and excused, minutes with late.

    `finer` says what each finer code counts as; it stands for the mark of that kind that it was chosen with.
    """
    found: list[Line] = []
    for name, code in posted.items():
        if not name.startswith("mark-") or not isinstance(code, str) or len(found) >= MOST_LINES:
            continue
        student = name.removeprefix("mark-")
        chosen = posted.get(f"as-{student}", "")
        line: Line = {"student": student, "code": chosen if finer.get(chosen) == code else code}
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


def office_lines(posted: QueryDict) -> list[Line]:
    """One line for each student on whom the office puts a code; raises DomainError for a time that is none."""
    found: list[Line] = []
    for name, code in posted.items():
        if not name.startswith("code-") or not isinstance(code, str) or not code or len(found) >= MOST_LINES:
            continue
        student = name.removeprefix("code-")
        line: Line = {
            "student": student,
            "code": code,
            "reason": posted.get(f"reason-{student}") or None,
            "minutes_late": minutes(posted.get(f"minutes-{student}", "")),
            "left_at": _time(posted.get(f"left-{student}", ""), student),
            "note": text.tidy(posted.get(f"note-{student}", ""))[:120],
        }
        found.append(line)
    return found


def _time(typed: str, student: str) -> time | None:
    if not typed.strip():
        return None
    try:
        return time.fromisoformat(typed.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise DomainError(
            gettext("Type the time as 14:30."), errors={student: [gettext("Type the time as 14:30.")]}
        ) from None


class CodeForm(forms.ModelForm[AttendanceCode]):
    """One code of the school's list."""

    roles = forms.MultipleChoiceField(
        label=_("Given by"),
        choices=[(role, Role(role).label) for role in GIVERS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everybody who takes registers."),
    )

    class Meta:
        model = AttendanceCode
        fields = (
            "code", "name", "counts_as", "direction", "scope", "reportable", "future", "prefill", "roles", "order",
            "is_active",
        )  # fmt: skip
