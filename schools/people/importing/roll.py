"""What a roll brings to people: students by their admission number, and each one's guardian.

Rows are written together, by the rules of `services`: the same checks, search columns and lines in the trail.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import recording as audit
from core import saving, text
from core.errors import DomainError
from identity.models import User
from schools.imports import registry
from schools.imports.batch import Batch, Row
from schools.imports.choices import Outcome
from schools.people import choices, services, tidying
from schools.people.importing import reading
from schools.people.models import Guardian, Guardianship, Student

ROLL = "roll"
_PLACE = re.compile(r"\{([^{}]*)\}")
_STUDENT = ("admission_number", "first_name", "middle_name", "last_name", "sex", "date_of_birth", "admitted_on",
            "boarding", "nationality", "county")  # fmt: skip
_GUARDIAN = ("guardian_name", "guardian_first_name", "guardian_last_name", "guardian_phone", "guardian_email")


class ColumnsForm(forms.Form):
    """What to do where the file has no numbers or no names."""

    pattern = forms.CharField(
        label=gettext_lazy("Admission numbers, when the file has none"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For example A-{row}: {row} is the number of the row, {Class} what its column holds."),
    )
    anonymous = forms.BooleanField(
        label=gettext_lazy("The file has no names: call students by their number"), required=False
    )


def columns_form(data: Any, prefix: str, options: registry.Options, user: User | None) -> ColumnsForm:
    """The form of this part, filled with what was chosen before."""
    return ColumnsForm(data, prefix=prefix, initial=options.get("people", {}))


def fields(options: registry.Options) -> Sequence[registry.Field]:
    """What a roll says of a student and of one guardian."""
    field = registry.Field
    return [
        field("admission_number", gettext_lazy("Admission number"), reading.word(30),
              ("adm", "adm no", "admno", "admission", "admission no", "reg no", "student number", "number", "namba"),
              example="A2302"),
        field("full_name", gettext_lazy("Whole name"), reading.word(200),
              ("name", "names", "student", "student name", "learner", "full name", "jina"), example=""),
        field("first_name", gettext_lazy("First name"), reading.word(80), ("firstname", "given name", "forename"),
              example="Amani"),
        field("middle_name", gettext_lazy("Middle name"), reading.word(80), ("middlename", "other names"),
              example="Wekesa"),
        field("last_name", gettext_lazy("Last name"), reading.word(80), ("lastname", "surname", "family name"),
              example="Barasa"),
        field("sex", gettext_lazy("Sex"), reading.parse_sex, ("gender", "jinsia"), example="F"),
        field("date_of_birth", gettext_lazy("Date of birth"), reading.parse_day,
              ("dob", "birth date", "birthdate", "born"), example="2015-03-04"),
        field("admitted_on", gettext_lazy("Admitted on"), reading.parse_day, ("admission date", "date of admission"),
              example="2026-01-05"),
        field("boarding", gettext_lazy("Day or boarding"), reading.parse_boarding, ("boarder", "day boarding"),
              example=""),
        field("nationality", gettext_lazy("Nationality"), reading.word(60), ("country",)),
        field("county", gettext_lazy("Home county"), reading.word(60), ("county",)),
        field("guardian_name", gettext_lazy("Guardian: whole name"), reading.word(160),
              ("guardian name", "parent", "parent name", "mzazi")),
        field("guardian_first_name", gettext_lazy("Guardian: first name"), reading.word(80), ("parent first name",),
              example="Rose"),
        field("guardian_last_name", gettext_lazy("Guardian: last name"), reading.word(80), ("parent last name",),
              example="Barasa"),
        field("guardian_phone", gettext_lazy("Guardian: phone"), reading.parse_phone,
              ("phone", "parent phone", "mobile", "telephone", "tel", "contact", "simu"), example="0722418093"),
        field("guardian_email", gettext_lazy("Guardian: e-mail"), reading.word(254),
              ("email", "parent email", "e mail")),
        field("relationship", gettext_lazy("Guardian: relationship"), reading.parse_relationship,
              ("relation", "guardian relationship", "guardian"), example="mother"),
    ]  # fmt: skip


def needs(keys: Collection[str], options: registry.Options) -> list[str]:
    """A number for each student, from a column or a pattern."""
    if "admission_number" not in keys and not options.get("people", {}).get("pattern"):
        return [_("Match a column with the admission number, or say how to make numbers.")]
    return []


def survey(rows: Sequence[Row], batch: Batch) -> None:
    """Which row has each number first: a number that stands twice in the file is refused the second time."""
    firsts: dict[str, int] = {}
    for row in rows:
        key = text.match_form(_number_of(row, batch))
        if key:
            firsts.setdefault(key, row.number)
    batch.memory["people.firsts"] = firsts


def prepare(batch: Batch) -> None:
    """Find each row's student, or make one that can be admitted."""
    numbers = {row.number: _number_of(row, batch) for row in batch.rows}
    keys = {text.match_form(number) for number in numbers.values()} - {""}
    known = {one.admission_key: one for one in Student.objects.select_for_update().filter(admission_key__in=keys)}
    firsts: dict[str, int] = batch.memory["people.firsts"]
    for row in batch.rows:
        number = numbers[row.number]
        key = text.match_form(number)
        if not key and any(name == "admission_number" for name, _message in row.misread):
            continue
        if not key:
            row.refuse("admission_number", _("The admission number is missing, or has no letter or digit."))
            continue
        if firsts[key] != row.number:
            row.refuse("admission_number", _("Row %(row)d has the same number.") % {"row": firsts[key]})
        student = known.get(key)
        if student is not None:
            row.outcome = Outcome.UPDATE if batch.changes else Outcome.SKIP
        else:
            row.outcome = Outcome.CREATE if batch.adds else Outcome.SKIP
        if row.outcome is not Outcome.SKIP:
            _prepare_student(row, student, number, batch)
            _prepare_guardian(row)


def _prepare_student(row: Row, known: Student | None, number: str, batch: Batch) -> None:
    facts = {name: row.values[name] for name in _STUDENT if name in row.values}
    whole = reading.names(row.values.get("full_name", ""))
    facts.update({name: part for name, part in whole.items() if part and name not in facts})
    facts.pop("admission_number", None)
    if known is None:
        facts["admission_number"] = number
        if not facts.get("first_name") and batch.option("people", "anonymous"):
            facts["first_name"] = number
        if not facts.get("first_name"):
            if not row.problems:
                row.refuse("full_name" if "full_name" in batch.mapped else "first_name", _("The name is missing."))
            return
    student = known or Student()
    changes = tidying.put(student, facts)
    if known is None and student.admitted_on is None:
        student.admitted_on = timezone.localdate(batch.at)
    try:
        tidying.check_student(student)
    except DomainError as error:
        typed = {name: found for name, found in error.errors.items() if name in row.values}
        for name, messages in (typed or error.errors).items():
            row.refuse("full_name" if name.endswith("_name") and "full_name" in row.values else name, messages[0])
    row.found["student"], row.found["changes"], row.found["new"] = student, changes, known is None


def _prepare_guardian(row: Row) -> None:
    if not any(name in row.values for name in _GUARDIAN):
        return
    names = reading.names(row.values.get("guardian_name", ""))
    guardian = Guardian()
    facts = {
        "first_name": row.values.get("guardian_first_name", names.get("first_name", "")),
        "middle_name": names.get("middle_name", ""),
        "last_name": row.values.get("guardian_last_name", names.get("last_name", "")),
        "phone": row.values.get("guardian_phone", ""),
        "email": row.values.get("guardian_email", ""),
    }
    tidying.put(guardian, facts)
    if not guardian.first_name:
        row.refuse("guardian_first_name", _("The guardian's name is missing."))
        return
    errors: dict[str, list[str]] = {}
    tidying.check_phone(errors, guardian)
    try:
        saving.check(guardian, errors)
    except DomainError as error:
        for name, messages in error.errors.items():
            row.refuse(f"guardian_{name}", messages[0])
    guardian.refresh_search()
    row.found["guardian"] = guardian


def write(batch: Batch) -> None:
    """Admit the new students, change those who are here, and tie their guardians."""
    rows = list(batch.working())
    new = [row.found["student"] for row in rows if row.found["new"]]
    changed = [row for row in rows if not row.found["new"] and row.found["changes"]]
    batch.ledger.changing(Student, [row.found["student"].pk for row in changed])
    Student.objects.bulk_create(new, batch_size=500)
    for row in changed:
        student = row.found["student"]
        student.save(update_fields=[*row.found["changes"], "admission_key"])
    batch.ledger.created(Student, [student.pk for student in new])
    acts: list[tuple[str, Any, dict[str, Any]]] = [
        ("student.admitted", student, {"admission_number": [None, student.admission_number], "import": str(batch.run)})
        for student in new
    ]
    acts += [("student.changed", row.found["student"], row.found["changes"]) for row in changed]
    audit.record_many(acts, by=batch.by, at=batch.at)
    _tie_guardians(batch, [row for row in rows if "guardian" in row.found])


def _tie_guardians(batch: Batch, rows: list[Row]) -> None:
    """One guardian for each phone and first name, new ones where none is known; each tied to the student once."""
    if not rows:
        return
    phones = {row.found["guardian"].phone for row in rows} - {""}
    known = {(one.phone, text.search_form(one.first_name)): one for one in Guardian.objects.filter(phone__in=phones)}
    students = [row.found["student"].pk for row in rows]
    ties: dict[UUID, list[Guardianship]] = {}
    for tie in Guardianship.objects.filter(student__in=students).select_related("guardian"):
        ties.setdefault(tie.student_id, []).append(tie)
    people: list[Guardian] = []
    made: list[Guardianship] = []
    acts: list[tuple[str, Any, dict[str, Any]]] = []
    for row in rows:
        wanted, student = row.found["guardian"], row.found["student"]
        mine = ties.get(student.pk, [])
        key = (wanted.phone, text.search_form(wanted.first_name))
        found = known.get(key) if wanted.phone else _same_name(wanted, mine)
        if found is None:
            found = wanted
            people.append(found)
            acts.append(("guardian.added", found, {"first_name": [None, found.first_name]}))
            if wanted.phone:
                known[key] = found
        if any(tie.guardian_id == found.pk for tie in mine):
            continue
        if len(mine) >= services.MOST_GUARDIANS:
            message = _("A student has at most %(n)s guardians.") % {"n": services.MOST_GUARDIANS}
            raise DomainError(message)
        tie = Guardianship(
            student=student,
            guardian=found,
            relationship=row.values.get("relationship", choices.Relationship.GUARDIAN),
            call_order=max((one.call_order for one in mine), default=0) + 1,
        )
        ties.setdefault(student.pk, []).append(tie)
        made.append(tie)
        acts.append(("guardianship.added", student, {"guardian": [None, str(tie)]}))
    Guardian.objects.bulk_create(people)
    Guardianship.objects.bulk_create(made)
    batch.ledger.created(Guardian, [one.pk for one in people])
    batch.ledger.created(Guardianship, [one.pk for one in made])
    audit.record_many(acts, by=batch.by, at=batch.at)


def _same_name(wanted: Guardian, mine: Sequence[Guardianship]) -> Guardian | None:
    """Without a phone, somebody is known only among the student's own guardians."""
    return next((tie.guardian for tie in mine if tie.guardian.search_parts()[:3] == wanted.search_parts()[:3]), None)


def _number_of(row: Row, batch: Batch) -> str:
    """The admission number that stands in the row, or the one that the pattern makes of it."""
    if "admission_number" in batch.mapped:
        return str(row.values.get("admission_number", ""))

    def fill(place: re.Match[str]) -> str:
        name = place.group(1).strip()
        return f"{row.index:04d}" if name == "row" else row.columns.get(name, "").strip()

    return text.squash(_PLACE.sub(fill, str(batch.option("people", "pattern", ""))))


def result_url(options: registry.Options) -> str:
    """Where the students of an import are seen."""
    return reverse("people:students")


def register() -> None:
    """Make the roll an importer, with people's part in it."""
    registry.importer(
        registry.Importer(ROLL, gettext_lazy("Students"), result_url, gettext_lazy("See the students"), order=10)
    )
    registry.part(
        ROLL,
        registry.Part(
            "people", gettext_lazy("Student and guardian"), fields, prepare, write, order=10,
            at_columns=columns_form, needs=needs, survey=survey,
        ),
    )  # fmt: skip
