"""Which class each student is in, from a file: those who have none join it, the others move."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import text
from schools.academics import services
from schools.academics.importing import finding
from schools.academics.models import Enrolment
from schools.imports import records, registry
from schools.imports.batch import Batch, Row
from schools.people.importing import reading
from schools.people.models import Student

KEY = "enrolments"


def _fields(options: registry.Options) -> Sequence[registry.Field]:
    field = registry.Field
    return [
        field("admission_number", gettext_lazy("Admission number"), reading.word(30),
              ("adm", "adm no", "admission", "number", "namba"), example="A2302"),
        field("class", gettext_lazy("Class"), reading.word(80), ("class", "grade", "darasa"), example="Grade 6 East"),
        field("year", gettext_lazy("School year"), reading.word(40), ("year",), example="2026"),
        field("on", gettext_lazy("In the class since"), reading.parse_day, ("date", "from", "joined"),
              example="2026-01-05"),
    ]  # fmt: skip


def _identity(row: Row, batch: Batch) -> str:
    return text.match_form(row.values.get("admission_number", ""))


def _known(names: Collection[str], batch: Batch) -> Mapping[str, Enrolment]:
    """The open enrolment of each; and the students, for those who have none."""
    students = Student.objects.select_for_update().filter(admission_key__in=names)
    batch.memory["students"] = {one.admission_key: one for one in students}
    held = Enrolment.objects.filter(student__admission_key__in=names, ends_on=None)
    return {one.student.admission_key: one for one in held.select_related("student", "school_class")}


def _facts(row: Row, batch: Batch, known: Enrolment | None) -> dict[str, Any]:
    student = batch.memory["students"].get(_identity(row, batch))
    if student is None:
        number = row.values["admission_number"][:30]
        row.refuse("admission_number", _("There is no student with the number %(number)s.") % {"number": number})
    year = finding.year_of(row, batch)
    wanted = finding.class_of(row, batch, year)
    if wanted is None and not row.problems:
        row.refuse("class", _("Say which class."))
    today = timezone.localdate(batch.at)
    usual = min(max(today, year.starts_on), year.ends_on) if year is not None else today
    return {"student": student, "school_class": wanted, "on": row.values.get("on", usual)}


def _create(facts: dict[str, Any], batch: Batch) -> Enrolment:
    batch.ledger.changing(Student, [facts["student"].pk])
    return services.enrol(by=batch.by, at=batch.at, **facts)


def _change(present: Enrolment, facts: dict[str, Any], batch: Batch) -> bool:
    if present.school_class_id == facts["school_class"].pk:
        return False
    facts["on"] = max(facts["on"], present.starts_on)
    made = services.move(by=batch.by, at=batch.at, **facts)
    if made.pk != present.pk:
        batch.ledger.created(Enrolment, [made.pk])
    return True


def register() -> None:
    """Called once, when the apps are ready."""
    spec = records.Records(
        KEY, "academics", gettext_lazy("Classes of students"), Enrolment, _fields, ("admission_number",), _identity,
        _known, _facts, _create, _change, finding.survey,
    )  # fmt: skip
    records.register(
        spec, result_url=lambda options: reverse("academics:classes"), result_label=gettext_lazy("See the classes"),
        order=55,
    )  # fmt: skip
