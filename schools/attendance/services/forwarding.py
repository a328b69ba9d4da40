"""Totals that are taken over from the system a school used before."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from identity.models import User
from schools.academics.models import AcademicYear
from schools.attendance.lines import MarksRefused
from schools.attendance.models import BroughtForward
from schools.people.models import Student


@transaction.atomic
def bring_forward(
    *, year: AcademicYear, absences: Mapping[Student, int], source: str, by: User | None, at: datetime
) -> int:
    """Take over each student's absences of a year from an earlier system, replacing older totals; gives how many."""
    wrong = {
        str(student.pk): [_("%(n)s is not a number of days. Type 0 to 366.") % {"n": days}]
        for student, days in absences.items()
        if not 0 <= days <= 366
    }
    if wrong:
        raise MarksRefused(_("Some totals cannot be taken over."), errors=wrong)
    held = {row.student_id: row for row in BroughtForward.objects.filter(year=year, student__in=list(absences))}
    rows: list[BroughtForward] = []
    acts: list[tuple[str, Any, dict[str, Any]]] = []
    for student, days in absences.items():
        old = held.get(student.pk)
        if old is not None and (old.absences, old.source) == (days, source):
            continue
        row = BroughtForward(student=student, year=year, absences=days, source=source)
        rows.append(row)
        before = old.absences if old else None
        acts.append(("attendance.brought_forward", student, {"absences": [before, days], "year": year.name}))
    BroughtForward.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["student", "year"],
        update_fields=["absences", "source", "updated_at"],
        batch_size=1000,
    )
    audit.record_many(acts, by=by, at=at)
    return len(rows)


@transaction.atomic
def take_back_brought_forward(*, year: AcademicYear, students: Iterable[Student], by: User | None, at: datetime) -> int:
    """Remove totals that were taken over, as when their import is undone."""
    rows = list(BroughtForward.objects.filter(year=year, student__in=list(students)).select_related("student"))
    audit.record_many(
        [
            ("attendance.brought_forward_removed", row.student, {"absences": [row.absences, None], "year": year.name})
            for row in rows
        ],
        by=by,
        at=at,
    )
    BroughtForward.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
