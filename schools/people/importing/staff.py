"""The staff from a file, by staff number."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core import text
from schools.imports import records, registry
from schools.imports.batch import Batch, Row
from schools.people import choices, services
from schools.people.importing import reading
from schools.people.models import Staff

KEY = "staff"
_FACTS = ("first_name", "middle_name", "last_name", "tsc_number", "job_title", "sex", "phone", "email", "employed_on",
          "status")  # fmt: skip


def _fields(options: registry.Options) -> Sequence[registry.Field]:
    field = registry.Field
    return [
        field("staff_number", gettext_lazy("Staff number"), reading.word(30),
              ("number", "staff no", "payroll number", "pf number", "namba"), example="MWA-07"),
        field("full_name", gettext_lazy("Whole name"), reading.word(200), ("name", "names", "jina")),
        field("first_name", gettext_lazy("First name"), reading.word(80), ("firstname",), example="Wanjiru"),
        field("middle_name", gettext_lazy("Middle name"), reading.word(80), ("other names",)),
        field("last_name", gettext_lazy("Last name"), reading.word(80), ("surname",), example="Kamau"),
        field("tsc_number", gettext_lazy("TSC number"), reading.word(20), ("tsc", "tsc no"), example="512345"),
        field("job_title", gettext_lazy("Job title"), reading.word(80), ("job", "title", "post", "designation"),
              example="Teacher"),
        field("sex", gettext_lazy("Sex"), reading.parse_sex, ("gender",), example="F"),
        field("phone", gettext_lazy("Phone"), reading.parse_phone, ("mobile", "telephone", "simu"),
              example="0722418093"),
        field("email", gettext_lazy("E-mail"), reading.word(254), ("email", "e mail")),
        field("employed_on", gettext_lazy("Employed on"), reading.parse_day, ("date of employment", "joined"),
              example="2020-01-06"),
        field("status", gettext_lazy("Status"), records.Words(choices.StaffStatus), ()),
    ]  # fmt: skip


def _identity(row: Row, batch: Batch) -> str:
    return text.match_form(row.values.get("staff_number", ""))


def _known(names: Collection[str], batch: Batch) -> Mapping[str, Staff]:
    """All staff at once: a school has hundreds, and the number is compared without spaces and dashes."""
    return {
        name: one for one in Staff.objects.select_for_update() if (name := text.match_form(one.staff_number)) in names
    }


def _facts(row: Row, batch: Batch, known: Staff | None) -> dict[str, Any]:
    facts = records.given(row, *_FACTS)
    whole = reading.names(row.values.get("full_name", ""))
    facts.update({name: part for name, part in whole.items() if part and name not in facts})
    return facts if known else {"staff_number": row.values["staff_number"], **facts}


def _create(facts: dict[str, Any], batch: Batch) -> Staff:
    return services.employ(by=batch.by, at=batch.at, **facts)


def _change(staff: Staff, facts: dict[str, Any], batch: Batch) -> bool:
    before = staff.version
    return services.change_staff(staff=staff, by=batch.by, at=batch.at, **facts).version != before


def _standing(batch: Batch) -> int:
    return Staff.objects.exclude(status=choices.StaffStatus.LEFT).count()


def _missing(rows: Sequence[Row], batch: Batch) -> Sequence[Staff]:
    named = batch.memory["firsts"]
    here = Staff.objects.exclude(status=choices.StaffStatus.LEFT).order_by("pk")
    return [one for one in here if text.match_form(one.staff_number) not in named]


def _end(staff: Staff, batch: Batch) -> None:
    batch.ledger.changing(Staff, [staff.pk])
    services.change_staff(staff=staff, status=choices.StaffStatus.LEFT, by=batch.by, at=batch.at)


def register() -> None:
    """Called once, when the apps are ready."""
    spec = records.Records(
        KEY, "people", gettext_lazy("Staff"), Staff, _fields, ("staff_number",), _identity, _known, _facts, _create,
        _change,
    )  # fmt: skip
    records.register(
        spec, result_url=lambda options: reverse("people:staff"), result_label=gettext_lazy("See the staff"), order=30
    )
    registry.absent(KEY, registry.Absent(_standing, _missing, _end))
