"""Admission numbers by the school's pattern: `{year}`, `{yy}` and one `{n}` or `{n:4}`."""

import re
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core import saving, scope, text
from identity.models import User
from schools.people.models import Student
from tenants import lifecycle

FACT = "admission_pattern"
LONGEST = 24
_PART = re.compile(r"\{(year|yy|n(?::([1-9]))?)\}")


def pattern() -> str:
    """The school's pattern, or empty."""
    return str(scope.current_school().facts.get(FACT, ""))


def choose(*, pattern: str, by: User, at: datetime) -> None:
    """Set the pattern, or none; raises DomainError that says what a pattern needs."""
    wanted = text.tidy(pattern)
    if wanted:
        _check(wanted)
    here = scope.current_school()
    if wanted != here.facts.get(FACT, ""):
        lifecycle.present(school_id=here.id, name=here.name, facts={FACT: wanted or None}, by=by, at=at)


def _check(wanted: str) -> None:
    rest = _PART.sub("", wanted)
    counters = [found[1] for found in _PART.finditer(wanted) if found[1].startswith("n")]
    if len(wanted) > LONGEST:
        raise saving.wrong("pattern", _("This is too long: %(most)s characters at most.") % {"most": LONGEST})
    if "{" in rest or "}" in rest or len(counters) != 1:
        raise saving.wrong(
            "pattern", _("Write what stays, and {n} once for the number that counts; {year} or {yy} for the year.")
        )


def following(at: datetime) -> str:
    """The number after the highest that fits the pattern; empty without a pattern."""
    here = pattern()
    if not here:
        return ""
    year = timezone.localdate(at).year
    prefix, digits, suffix = _around(here, year)
    shape = re.compile(re.escape(prefix) + r"(\d{1,9})" + re.escape(suffix) + r"\Z", re.IGNORECASE)
    held = Student.objects.filter(admission_number__istartswith=prefix).values_list("admission_number", flat=True)
    taken = [int(found[1]) for number in held if (found := shape.match(number))]
    return f"{prefix}{max(taken, default=0) + 1:0{digits}d}{suffix}"


def _around(wanted: str, year: int) -> tuple[str, int, str]:
    """What stands before the counter, its least digits, and what stands behind it."""
    dated = wanted.replace("{year}", f"{year:04d}").replace("{yy}", f"{year % 100:02d}")
    found = _PART.search(dated)
    assert found is not None
    return dated[: found.start()], int(found[2] or 1), dated[found.end() :]
