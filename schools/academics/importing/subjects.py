"""Subjects from a file, by code."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core import text
from schools.academics import choices, services
from schools.academics.models import Subject
from schools.imports import records, registry
from schools.imports.batch import Batch, Row
from schools.people.importing import reading

KEY = "subjects"


def _fields(options: registry.Options) -> Sequence[registry.Field]:
    field = registry.Field
    return [
        field("code", gettext_lazy("Code"), reading.word(20), ("subject code", "knec code"), example="121"),
        field("name", gettext_lazy("Name"), reading.word(80), ("subject", "learning area", "somo"),
              example="Mathematics"),
        field("short_name", gettext_lazy("Short name"), reading.word(20), ("abbreviation",), example="Maths"),
        field("curriculum", gettext_lazy("Curriculum"), records.Words(choices.Curriculum), (), example="CBE"),
        field("order", gettext_lazy("Place"), records.number(0, 999), ("order", "place")),
    ]  # fmt: skip


def _identity(row: Row, batch: Batch) -> str:
    return text.match_form(row.values.get("code", ""))


def _known(names: Collection[str], batch: Batch) -> Mapping[str, Subject]:
    return {name: one for one in Subject.objects.all() if (name := text.match_form(one.code)) in names}


def _facts(row: Row, batch: Batch, known: Subject | None) -> dict[str, Any]:
    facts = records.given(row, "name", "short_name", "curriculum", "order")
    return facts if known else {"code": row.values["code"], **facts}


def _create(facts: dict[str, Any], batch: Batch) -> Subject:
    return services.add_subject(by=batch.by, at=batch.at, **facts)


def _change(subject: Subject, facts: dict[str, Any], batch: Batch) -> bool:
    before = subject.version
    return services.change_subject(subject=subject, by=batch.by, at=batch.at, **facts).version != before


def register() -> None:
    """Called once, when the apps are ready."""
    spec = records.Records(
        KEY, "academics", gettext_lazy("Subjects"), Subject, _fields, ("code",), _identity, _known, _facts, _create,
        _change,
    )  # fmt: skip
    records.register(
        spec, result_url=lambda options: reverse("academics:subjects"), result_label=gettext_lazy("See the subjects"),
        order=40,
    )  # fmt: skip
