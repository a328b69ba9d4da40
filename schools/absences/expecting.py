"""What registers are told of planned absences."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from schools.absences import queries
from schools.absences.choices import State
from schools.absences.models import Absence
from schools.attendance.choices import Code
from schools.attendance.planned import Planned


def expected(student_ids: Collection[UUID], day: date, session: str) -> Mapping[UUID, Planned]:
    """Who is expected to be away; an approved absence stands over one that waits for an answer."""
    rows = queries.between(student_ids, day, day).filter(queries.of_session(session)).order_by("pk")
    found: dict[UUID, Planned] = {}
    for one in sorted(rows, key=lambda row: row.state == State.APPROVED):
        found[one.student_id] = _planned(one)
    return found


def _planned(one: Absence) -> Planned:
    until = formats.date_format(one.ends_on, "D j M")
    reason = one.reason.code if one.reason else ""
    if one.is_open:
        words = _("Asked to be away until %(day)s; not answered yet") % {"day": until}
        return Planned(Code.EXCUSED, Code.EXCUSED, words, reason, fills=False)
    words = _("Away with leave until %(day)s") % {"day": until}
    if one.code is None:
        return Planned(Code.EXCUSED, Code.EXCUSED, words, reason)
    counts_as = one.code.counts_as
    return Planned(one.code.code, counts_as, words, "" if counts_as == Code.PRESENT else reason, one.code.prefill)
