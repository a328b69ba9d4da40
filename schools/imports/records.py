"""Importers of which every row is one record, written by the services of its domain."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from core import text
from schools.imports import registry
from schools.imports.batch import Batch, Row, Wrong
from schools.imports.choices import Outcome

M = TypeVar("M", bound=models.Model)
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Records(Generic[M]):
    """One kind of record.

    `identity` names a row's record in one form, empty where it cannot; `named` is the field that is told then. `known`
    finds the records of some identities. `facts` reads a row for the services and refuses what it cannot resolve.
    `create` and `change` call the services and tell the ledger; `change` gives back whether anything is new.
    """

    key: str
    part: str
    label: StrOrPromise
    model: type[M]
    fields: Callable[[registry.Options], Sequence[registry.Field]]
    named: Collection[str]
    identity: Callable[[Row, Batch], str]
    known: Callable[[Collection[str], Batch], Mapping[str, M]]
    facts: Callable[[Row, Batch, M | None], Facts]
    create: Callable[[Facts, Batch], M]
    change: Callable[[M, Facts, Batch], bool]
    survey: Callable[[Batch], None] | None = None


def register(
    spec: Records[Any], *, result_url: Callable[[registry.Options], str], result_label: StrOrPromise, order: int
) -> None:
    """Make it an importer; called from AppConfig.ready()."""
    registry.importer(registry.Importer(spec.key, spec.label, result_url, result_label, order=order))

    def survey(rows: Sequence[Row], batch: Batch) -> None:
        if spec.survey is not None:
            spec.survey(batch)
        firsts: dict[str, int] = {}
        for row in rows:
            name = spec.identity(row, batch)
            if name:
                firsts.setdefault(name, row.number)
        batch.memory["firsts"] = firsts

    def prepare(batch: Batch) -> None:
        names = {row.number: spec.identity(row, batch) for row in batch.rows}
        known = spec.known({name for name in names.values() if name}, batch)
        for row in batch.rows:
            name = names[row.number]
            if not name:
                if not row.problems:
                    row.refuse(next(iter(spec.named)), _("This says which record it is, and is missing."))
                continue
            if batch.memory["firsts"][name] != row.number:
                words = _("Row %(row)d is about the same record.") % {"row": batch.memory["firsts"][name]}
                row.refuse(next(iter(spec.named)), words)
            found = known.get(name)
            wanted = batch.adds if found is None else batch.changes
            row.outcome = (Outcome.CREATE if found is None else Outcome.UPDATE) if wanted else Outcome.SKIP
            if wanted:
                row.found["record"], row.found["facts"] = found, spec.facts(row, batch, found)

    def write(batch: Batch) -> None:
        for row in batch.working():
            if row.found["record"] is None:
                batch.ledger.created(spec.model, [spec.create(row.found["facts"], batch).pk])
                continue
            record = row.found["record"]
            batch.ledger.changing(spec.model, [record.pk])
            if not spec.change(record, row.found["facts"], batch):
                row.outcome = Outcome.SKIP

    def needs(keys: Collection[str], options: registry.Options) -> list[str]:
        fields = {field.key: str(field.label) for field in spec.fields(options)}
        if not any(name in keys for name in spec.named):
            return [_("Match a column with %(field)s: it says which record a row is about.")
                    % {"field": " / ".join(fields[name] for name in spec.named)}]  # fmt: skip
        return []

    registry.part(
        spec.key, registry.Part(spec.part, spec.label, spec.fields, prepare, write, needs=needs, survey=survey)
    )


def given(row: Row, *names: str) -> Facts:
    """The cells of a row that hold something, under their own names."""
    return {name: row.values[name] for name in names if name in row.values}


@dataclass(frozen=True, slots=True)
class Words:
    """Reads a word of choices, by value or label in the reader's language, or by `more` words."""

    choices: type[models.TextChoices]
    more: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, typed: str) -> str:
        """The value; raises Wrong with the words that are known."""
        word = text.search_form(typed)
        for one in self.choices:
            if word in (text.search_form(str(one.value)), text.search_form(str(one.label))):
                return str(one.value)
        if word in self.more:
            return self.more[word]
        known = ", ".join(self.offered())
        raise Wrong(_("%(value)s is not known here. Write one of: %(known)s.") % {"value": typed[:20], "known": known})

    def offered(self) -> list[str]:
        """The words that a template offers."""
        return [str(one.label) for one in self.choices]


def number(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number."""

    def parse(typed: str) -> int:
        found = typed.replace(",", "")
        if not found.isascii() or not found.isdigit() or not least <= int(found) <= most:
            raise Wrong(_("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return int(found)

    return parse


def listed(typed: str) -> list[str]:
    """Reads several words of one cell, separated by commas, semicolons or lines."""
    parts = typed.replace(";", ",").replace("\n", ",").split(",")
    return [part for one in parts if (part := " ".join(one.split()))]
