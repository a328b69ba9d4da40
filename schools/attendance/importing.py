"""What a roll brings to attendance: each student's absences of the year, as a total from the system before."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools.academics import queries as academics
from schools.academics.models import AcademicYear
from schools.attendance import services
from schools.attendance.models import BroughtForward
from schools.imports import registry
from schools.imports.batch import Batch, Row, Wrong
from schools.people.importing import ROLL
from schools.people.models import Student

MOST_DAYS = 366


def fields(options: registry.Options) -> Sequence[registry.Field]:
    """The total."""
    return [
        registry.Field(
            "absences", gettext_lazy("Absences this year, in days"), _days, ("absent", "days absent", "absence"),
            example="",
        )
    ]  # fmt: skip


def prepare(batch: Batch) -> None:
    """Each total needs a year to belong to."""
    year = academics.current_year()
    for row in batch.working():
        if "absences" in row.values:
            row.found["absences_year"] = row.found["class"].year if "class" in row.found else year
            if row.found["absences_year"] is None:
                row.refuse("absences", _("The school has no year yet. Open one first."))


def write(batch: Batch) -> None:
    """Take the totals over, year by year."""
    years: dict[UUID, tuple[AcademicYear, list[Row]]] = {}
    for row in batch.working():
        if "absences_year" in row.found:
            year = row.found["absences_year"]
            years.setdefault(year.pk, (year, []))[1].append(row)
    for year, rows in years.values():
        absences: dict[Student, int] = {row.found["student"]: row.values["absences"] for row in rows}
        held = BroughtForward.objects.filter(year=year, student__in=list(absences))
        before = set(held.values_list("pk", flat=True))
        batch.ledger.changing(BroughtForward, before)
        services.bring_forward(year=year, absences=absences, source=batch.run.file_name[:80], by=batch.by, at=batch.at)
        batch.ledger.created(BroughtForward, set(held.values_list("pk", flat=True)) - before)


def _days(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or int(typed[:6]) > MOST_DAYS:
        raise Wrong(_("%(value)s is not a number of days. Type 0 to 366.") % {"value": typed[:20]})
    return int(typed)


def register() -> None:
    """Add the totals to the roll."""
    registry.part(ROLL, registry.Part("attendance", gettext_lazy("Attendance"), fields, prepare, write, order=30))
