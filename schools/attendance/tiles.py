"""What of attendance each role sees first on the home page."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core import clock
from identity import roles
from identity.access import user_of
from identity.models import User
from schools.academics import queries as academics
from schools.attendance import charts, policies, queries, words
from schools.attendance.choices import Code
from schools.attendance.models import AttendanceMark, Register
from schools.people import queries as people
from schools.people.choices import StudentStatus
from schools.people.models import Student
from web.charts import Column

SHOWN = 6
_STATE = {
    Code.PRESENT: ("ok", "check"),
    Code.LATE: ("warn", "clock"),
    Code.ABSENT: ("bad", "alert"),
    Code.EXCUSED: ("info", "info"),
}


def now(request: HttpRequest) -> dict[str, Any] | None:
    """The head's first figure: who is at school, by class; on a day without school the last one that had it."""
    day = _day_with_registers()
    state = queries.day_state(day)
    if not state.expected:
        return None
    names, rows = charts.heat(
        state, lambda one: reverse("attendance:register", kwargs={"class_id": one.class_id, "day": day})
    )
    return {"state": state, "day": day, "is_today": day == clock.today(), "heat_names": names, "heat_rows": rows}


def missing(request: HttpRequest) -> dict[str, Any] | None:
    """Whose registers are not in today."""
    today = clock.today()
    if not academics.is_school_day(today):
        return None
    found = queries.day_state(today).missing
    return {"missing": found, "shown": found[:SHOWN], "more": len(found) - len(found[:SHOWN]), "day": today}


def week(request: HttpRequest) -> dict[str, Any] | None:
    """The last five school days before today, as bars."""
    today = clock.today()
    days = list(academics.school_days(today - timedelta(days=14), today - timedelta(days=1)))[-5:]
    shares = queries.school_days(days)
    bars = [
        Column(formats.date_format(day, "D j"), float(share), f"{share}", 3 if share < 93 else 2)
        for day, share in shares.items()
        if share is not None
    ]
    if not bars:
        return None
    said = ", ".join(f"{bar.label} {bar.text}" for bar in bars)
    return {"columns": bars, "words": _("Per cent at school: %(days)s") % {"days": said}}


def away(request: HttpRequest) -> dict[str, Any] | None:
    """Learners absent three roll calls running: of the school, or of the teacher's own classes."""
    user = user_of(request)
    found, title = queries.long_runs(clock.today()), _("Away three days or more")
    if found and not user.has_role(*roles.OFFICE):
        own = set(academics.enrolled_on(clock.today()).filter(
            school_class__in=academics.class_ids_of(user), student__in=[run.student.pk for run in found]
        ).values_list("student", flat=True))  # fmt: skip
        found, title = [run for run in found if run.student.pk in own], _("In your class")
    return {"runs": found[:SHOWN], "title": title} if found else None


def take(request: HttpRequest) -> dict[str, Any] | None:
    """A teacher's next register, and how the others of today stand."""
    user = user_of(request)
    today = clock.today()
    if user.has_role(*roles.OFFICE) or not academics.is_school_day(today):
        return None
    state = queries.day_state_of(policies.class_ids_taken_by(user), today)
    classes = [one for one in state.classes if one.roll]
    if not classes:
        return None
    own = academics.class_ids_of(user)
    waiting = sorted(state.missing, key=lambda one: one.class_id not in own)
    return {
        "classes": classes,
        "next": next(iter(waiting), None),
        "day": today,
        "taken": sum(1 for one in classes if one.taken),
    }


def waiting(request: HttpRequest) -> int:
    """How many of a teacher's own registers are not taken today, for the badge."""
    user = user_of(request)
    today = clock.today()
    if not academics.is_school_day(today):
        return 0
    if user.has_role(*roles.OFFICE):
        return len(queries.day_state(today).missing)
    return len(queries.day_state_of(academics.class_ids_of(user), today).missing)


def children(request: HttpRequest) -> dict[str, Any] | None:
    """The guardian's chosen child (`?child=`, else the first), or the student: at school today or not, and the week."""
    user = user_of(request)
    child = _chosen_child(user, request.GET.get("child", ""))
    if child is None:
        return None
    today = clock.today()
    mark = queries.latest_marks([child.pk], today).get(child.pk)
    strip = words.strip(queries.week_strips([child.pk], today)[child.pk])
    return {"child": _child(child, mark, strip, academics.is_school_day(today), child.user_id == user.pk)}


def _chosen_child(user: User, asked: str) -> Student | None:
    """The same child as the strip of children above shows as chosen; a student is their own."""
    own = Q(user=user)
    if user.has_role(roles.GUARDIAN):
        own |= Q(guardianships__guardian__user=user)
    seen = people.visible_to(user).filter(own, status__in=(StudentStatus.ENROLLED, StudentStatus.SUSPENDED))
    found = list(seen.order_by("date_of_birth", "first_name", "pk").distinct())
    return next((child for child in found if str(child.pk) == asked), found[0] if found else None)


def _child(
    child: Student, mark: AttendanceMark | None, strip: dict[str, Any], school: bool, oneself: bool
) -> dict[str, Any]:
    tone, icon = _STATE[Code(mark.code)] if mark else ("info", "clock")
    return {
        "url": reverse("people:student", args=[child.pk]),
        "name": "" if oneself else child.first_name,
        "words": _sentence(child, mark, school, oneself),
        "detail": _detail(mark, school),
        "tone": tone,
        "icon": icon,
        "days": strip["days"],
        "days_words": strip["words"],
    }


def _sentence(child: Student, mark: AttendanceMark | None, school: bool, oneself: bool) -> str:
    if mark is None:
        if not school:
            return _("No school today") if oneself else _("%(name)s: no school today") % {"name": child.first_name}
        return (
            _("The register is not taken yet")
            if oneself
            else _("%(name)s: the register is not taken yet") % {"name": child.first_name}
        )
    said = {
        Code.PRESENT: (_("You were at school today"), _("%(name)s was at school today")),
        Code.LATE: (_("You came late today"), _("%(name)s came late today")),
        Code.ABSENT: (_("You are marked absent today"), _("%(name)s is marked absent today")),
        Code.EXCUSED: (_("You are excused today"), _("%(name)s is excused today")),
    }[Code(mark.code)]
    return said[0] if oneself else said[1] % {"name": child.first_name}


def _detail(mark: AttendanceMark | None, school: bool) -> str:
    if mark is None:
        return _("It shows here as soon as the teacher saves it.") if school else ""
    return _("Marked at %(time)s by %(who)s.") % {
        "time": formats.time_format(timezone.localtime(mark.marked_at), "H:i"),
        "who": str(mark.marked_by) if mark.marked_by else _("the school"),
    }


def _day_with_registers() -> date:
    """Today when there is school, else the last day that has registers."""
    today = clock.today()
    if academics.is_school_day(today):
        return today
    newest = Register.objects.filter(date__lte=today).order_by("-date").values_list("date", flat=True).first()
    return newest or today
