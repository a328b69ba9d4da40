"""Guardians from a file, by phone and first name, tied to children by admission number."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import text
from identity.models import Language
from schools.imports import records, registry
from schools.imports.batch import Batch, Row
from schools.people import choices, services
from schools.people.importing import reading
from schools.people.models import Guardian, Guardianship, Student

KEY = "guardians"
_FACTS = ("first_name", "middle_name", "last_name", "phone", "email", "language")


def _fields(options: registry.Options) -> Sequence[registry.Field]:
    field = registry.Field
    return [
        field("phone", gettext_lazy("Phone"), reading.parse_phone, ("mobile", "telephone", "simu", "parent phone"),
              example="0722418093"),
        field("full_name", gettext_lazy("Whole name"), reading.word(200), ("name", "names", "guardian", "parent")),
        field("first_name", gettext_lazy("First name"), reading.word(80), ("firstname",), example="Rose"),
        field("middle_name", gettext_lazy("Middle name"), reading.word(80), ("other names",)),
        field("last_name", gettext_lazy("Last name"), reading.word(80), ("surname",), example="Barasa"),
        field("email", gettext_lazy("E-mail"), reading.word(254), ("email", "e mail")),
        field("language", gettext_lazy("Language"), records.Words(Language), ("lugha",)),
        field("children", gettext_lazy("Admission numbers of the children"), records.listed,
              ("children", "admission number", "adm", "adm no", "students"), example="A2302, A2303"),
        field("relationship", gettext_lazy("Relationship"), reading.parse_relationship, ("relation",),
              example="mother"),
    ]  # fmt: skip


def _first_name(row: Row) -> str:
    return str(row.values.get("first_name") or reading.names(row.values.get("full_name", "")).get("first_name", ""))


def _identity(row: Row, batch: Batch) -> str:
    phone, first = row.values.get("phone", ""), text.search_form(_first_name(row))
    return f"{phone} {first}" if phone and first else ""


def _known(names: Collection[str], batch: Batch) -> Mapping[str, Guardian]:
    phones = {name.split(" ", 1)[0] for name in names}
    found = Guardian.objects.select_for_update().filter(phone__in=phones)
    return {f"{one.phone} {text.search_form(one.first_name)}": one for one in found}


def _facts(row: Row, batch: Batch, known: Guardian | None) -> dict[str, Any]:
    facts = records.given(row, *_FACTS)
    whole = reading.names(row.values.get("full_name", ""))
    facts.update({name: part for name, part in whole.items() if part and name not in facts})
    children = []
    for number in row.values.get("children", ()):
        student = _student(number)
        if student is None:
            row.refuse("children", _("There is no student with the number %(number)s.") % {"number": number[:30]})
        else:
            children.append(student)
    return {"facts": facts, "children": children, "relationship": row.values.get("relationship")}


def _student(number: str) -> Student | None:
    """By the number as it is, or the only one that differs in leading zeros."""
    exact = Student.objects.filter(admission_key=text.match_form(number)).first()
    if exact is not None:
        return exact
    wanted = text.bare_number(number)
    digits = "".join(c for c in wanted if c.isdigit())[-6:]
    alike = [
        one
        for one in Student.objects.filter(admission_key__endswith=digits)[:50]
        if text.bare_number(one.admission_number) == wanted
    ]
    return alike[0] if len(alike) == 1 else None


def _create(given: dict[str, Any], batch: Batch) -> Guardian:
    guardian = services.add_guardian(by=batch.by, at=batch.at, **given["facts"])
    _tie(guardian, given, batch)
    return guardian


def _change(guardian: Guardian, given: dict[str, Any], batch: Batch) -> bool:
    before = guardian.version
    changed = services.change_guardian(guardian=guardian, by=batch.by, at=batch.at, **given["facts"]).version != before
    return _tie(guardian, given, batch) or changed


def _tie(guardian: Guardian, given: dict[str, Any], batch: Batch) -> bool:
    """Each child that is not theirs yet; a relationship that the file tells anew is changed."""
    changed = False
    known = {tie.student_id: tie for tie in Guardianship.objects.filter(guardian=guardian)}
    relationship = given["relationship"]
    for child in given["children"]:
        tie = known.get(child.pk)
        if tie is None:
            made = services.link(
                student=child, guardian=guardian, relationship=relationship or choices.Relationship.GUARDIAN,
                by=batch.by, at=batch.at,
            )  # fmt: skip
            batch.ledger.created(Guardianship, [made.pk])
            changed = True
        elif relationship and tie.relationship != relationship:
            batch.ledger.changing(Guardianship, [tie.pk])
            services.change_rights(guardianship=tie, relationship=relationship, by=batch.by, at=batch.at)
            changed = True
    return changed


def register() -> None:
    """Called once, when the apps are ready."""
    spec = records.Records(
        KEY, "people", gettext_lazy("Guardians"), Guardian, _fields, ("phone",), _identity, _known, _facts, _create,
        _change,
    )  # fmt: skip
    records.register(
        spec, result_url=lambda options: reverse("people:guardians"), result_label=gettext_lazy("See the guardians"),
        order=20,
    )  # fmt: skip
