"""Years, classes, subjects and people as a file names them."""

from typing import Any

from django.utils.translation import gettext as _

from core import text
from schools.academics import queries
from schools.academics.models import AcademicYear, SchoolClass, Subject
from schools.imports.batch import Batch, Row
from schools.people.models import Staff, Student


def survey(batch: Batch) -> None:
    """Years, classes, subjects and staff are read once for the whole file."""
    memory = batch.memory
    memory["years"] = {text.search_form(one.name): one for one in AcademicYear.objects.all()}
    memory["year"] = queries.current_year() or AcademicYear.objects.order_by("-starts_on").first()
    memory["classes"] = {
        (one.year_id, text.search_form(one.name)): one for one in SchoolClass.objects.select_related("year")
    }
    memory["subjects"] = {}
    for one in Subject.objects.all():
        for name in (one.code, one.name, one.short_name):
            if name:
                memory["subjects"].setdefault(text.search_form(name), one)
    memory["staff"] = {text.match_form(one.staff_number): one for one in Staff.objects.all()}


def year_of(row: Row, batch: Batch) -> AcademicYear | None:
    """The year that the row names, else the present one; refuses one that is not there."""
    said = row.values.get("year", "")
    found: AcademicYear | None = batch.memory["years"].get(text.search_form(said)) if said else batch.memory["year"]
    if found is None:
        row.refuse("year", _("There is no school year %(name)s.") % {"name": said[:30]})
    return found


def class_of(row: Row, batch: Batch, year: AcademicYear | None, name: str = "class") -> SchoolClass | None:
    """The class of that name in the year; refuses one that is not there."""
    said = row.values.get(name, "")
    if not said or year is None:
        return None
    found: SchoolClass | None = batch.memory["classes"].get((year.pk, text.search_form(said)))
    if found is None:
        row.refuse(name, _("There is no class %(name)s in %(year)s.") % {"name": said[:60], "year": year.name})
    return found


def subject_of(row: Row, batch: Batch) -> Subject | None:
    """The subject by code or name; refuses one that is not taught."""
    said = row.values.get("subject", "")
    found: Subject | None = batch.memory["subjects"].get(text.search_form(said)) if said else None
    if said and found is None:
        row.refuse("subject", _("There is no subject %(name)s.") % {"name": said[:60]})
    return found


def staff_of(row: Row, batch: Batch, name: str) -> list[Staff]:
    """Staff by their numbers; refuses a number that nobody has."""
    found = []
    said: Any = row.values.get(name, ())
    for number in [said] if isinstance(said, str) else said:
        one = batch.memory["staff"].get(text.match_form(number))
        if one is None:
            row.refuse(name, _("Nobody of the staff has the number %(number)s.") % {"number": number[:30]})
        else:
            found.append(one)
    return found


def students_of(row: Row, name: str) -> list[Student]:
    """Students by their admission numbers; refuses a number that nobody has."""
    wanted = {text.match_form(number): number for number in row.values.get(name, ())}
    held = {one.admission_key: one for one in Student.objects.filter(admission_key__in=wanted)}
    for key, number in wanted.items():
        if key not in held:
            row.refuse(name, _("There is no student with the number %(number)s.") % {"number": number[:30]})
    return [held[key] for key in wanted if key in held]
