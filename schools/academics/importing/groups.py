"""Teaching groups from a file, by name and year: subject, teachers, whole class or chosen members."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import text
from schools.academics import services
from schools.academics.importing import finding
from schools.academics.models import TeachingGroup
from schools.imports import records, registry
from schools.imports.batch import Batch, Row
from schools.people.importing import reading

KEY = "teaching-groups"


def _fields(options: registry.Options) -> Sequence[registry.Field]:
    field = registry.Field
    return [
        field("name", gettext_lazy("Teaching group"), reading.word(120), ("name", "group"),
              example="Mathematics, Grade 6 East"),
        field("year", gettext_lazy("School year"), reading.word(40), ("year",), example="2026"),
        field("subject", gettext_lazy("Subject: code or name"), reading.word(80), ("subject", "somo"),
              example="Mathematics"),
        field("class", gettext_lazy("Whole class"), reading.word(80), ("class", "darasa"), example="Grade 6 East"),
        field("teachers", gettext_lazy("Staff numbers of the teachers"), records.listed, ("teacher", "teachers"),
              example="MWA-07"),
        field("members", gettext_lazy("Admission numbers of the members"), records.listed,
              ("members", "students", "adm")),
    ]  # fmt: skip


def _identity(row: Row, batch: Batch) -> str:
    name = text.search_form(row.values.get("name", ""))
    year = finding.year_of(row, batch)
    return f"{year.pk} {name}" if name and year is not None else ""


def _known(names: Collection[str], batch: Batch) -> Mapping[str, TeachingGroup]:
    years = {UUID(name.split(" ", 1)[0]) for name in names}
    held = TeachingGroup.objects.filter(year__in=years)
    return {name: one for one in held if (name := f"{one.year_id} {text.search_form(one.name)}") in names}


def _facts(row: Row, batch: Batch, known: TeachingGroup | None) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if "teachers" in row.values:
        facts["teachers"] = finding.staff_of(row, batch, "teachers")
    if "members" in row.values:
        facts["members"] = finding.students_of(row, "members")
    if known is not None:
        return facts
    year, subject = finding.year_of(row, batch), finding.subject_of(row, batch)
    if subject is None and not row.problems:
        row.refuse("subject", _("Say which subject the group is taught."))
    of = finding.class_of(row, batch, year)
    return {**facts, "name": row.values["name"], "year": year, "subject": subject, "school_class": of}


def _create(facts: dict[str, Any], batch: Batch) -> TeachingGroup:
    return services.open_teaching_group(by=batch.by, at=batch.at, **facts)


def _change(group: TeachingGroup, facts: dict[str, Any], batch: Batch) -> bool:
    before = {name: set(getattr(group, name).values_list("pk", flat=True)) for name in facts}
    services.change_teaching_group(group=group, by=batch.by, at=batch.at, **facts)
    return any({one.pk for one in wanted} != before[name] for name, wanted in facts.items())


def register() -> None:
    """Called once, when the apps are ready."""
    spec = records.Records(
        KEY, "academics", gettext_lazy("Teaching groups"), TeachingGroup, _fields, ("name",), _identity, _known,
        _facts, _create, _change, finding.survey,
    )  # fmt: skip
    records.register(
        spec, result_url=lambda options: reverse("academics:groups"), result_label=gettext_lazy("See the groups"),
        order=60,
    )  # fmt: skip
