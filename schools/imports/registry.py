"""What can be imported: an importer is a name with parts that domains contribute, lowest first.

A domain calls `importer` or `part` in its AppConfig.ready(). For each batch of rows every part first prepares (looks
up, checks, refuses) and then, for the rows that nobody refused, every part writes. What a part creates or changes it
tells the batch's ledger, out of which a run is undone.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django_stubs_ext import StrOrPromise

from core.errors import NotFound
from identity.models import User
from schools.imports.batch import Batch, Row
from schools.imports.choices import Mode

Options = Mapping[str, Any]
FormMaker = Callable[[Any, str, Options, User | None], forms.Form]


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a column can be matched with.

    `parse` turns the trimmed text of a cell into a value or raises `batch.Wrong` with a sentence. A column whose head
    is one of the `aliases` is matched without being asked.
    """

    key: str
    label: StrOrPromise
    parse: Callable[[str], Any]
    aliases: tuple[str, ...] = ()
    hint: StrOrPromise = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one domain contributes; the key is its app's label.

    `fields` are asked for with the run's options. `at_upload` and `at_columns` are forms whose cleaned data become the
    part's options; `needs` says what is missing in a matching, as sentences. `survey` sees all rows once before the
    first batch. `objections` says why the given records (by model) may not be taken back.
    """

    key: str
    label: StrOrPromise
    fields: Callable[[Options], Sequence[Field]]
    prepare: Callable[[Batch], None]
    write: Callable[[Batch], None]
    order: int = 50
    at_upload: FormMaker | None = None
    at_columns: FormMaker | None = None
    needs: Callable[[Collection[str], Options], list[str]] | None = None
    survey: Callable[[Sequence[Row], Batch], None] | None = None
    objections: Callable[[Mapping[str, Sequence[UUID]]], list[str]] | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """What `Mode.SYNC` does to records that the file does not name.

    `standing` counts the records that the file is held against; `missing` gives those of them that no row names, after
    every row was prepared; `end` ends one, by a service that records it.
    """

    standing: Callable[[Batch], int]
    missing: Callable[[Sequence[Row], Batch], Sequence[Any]]
    end: Callable[[Any, Batch], None]


@dataclass(slots=True)
class Importer:
    """One kind of import; `result_url` is where its records can be seen."""

    key: str
    label: StrOrPromise
    result_url: Callable[[Options], str]
    result_label: StrOrPromise
    parts: dict[str, Part] = field(default_factory=dict)
    absent: Absent | None = None
    order: int = 50

    def modes(self) -> list[Mode]:
        """What may be done with the rows of such a file."""
        return [mode for mode in Mode if mode != Mode.SYNC or self.absent is not None]

    def in_order(self) -> list[Part]:
        """The parts, lowest domain first."""
        return sorted(self.parts.values(), key=lambda one: (one.order, one.key))

    def fields(self, options: Options) -> dict[str, Field]:
        """Every field by its key, in the order of the parts."""
        return {one.key: one for part in self.in_order() for one in part.fields(options)}

    def groups(self, options: Options) -> list[tuple[StrOrPromise, list[Field]]]:
        """The fields under their part's name, for a select."""
        return [(part.label, found) for part in self.in_order() if (found := list(part.fields(options)))]

    def needs(self, keys: Collection[str], options: Options) -> list[str]:
        """What is missing before rows can be checked."""
        return [said for part in self.in_order() if part.needs for said in part.needs(keys, options)]


_importers: dict[str, Importer] = {}


def importer(entry: Importer) -> None:
    """Add a kind of import; the same key again keeps the parts that are there."""
    if entry.key in _importers:
        entry.parts = _importers[entry.key].parts
    _importers[entry.key] = entry


def part(importer_key: str, entry: Part) -> None:
    """Contribute to an importer of a lower domain."""
    _importers[importer_key].parts[entry.key] = entry


def absent(importer_key: str, entry: Absent) -> None:
    """Say what becomes of records that a file does not name: the highest domain that ends them does."""
    _importers[importer_key].absent = entry


def every() -> list[Importer]:
    """All kinds of import, in order."""
    return sorted(_importers.values(), key=lambda one: (one.order, one.key))


def get(key: str) -> Importer:
    """The importer of this name; raises NotFound."""
    if key not in _importers:
        raise NotFound(f"There is no importer called {key}.")
    return _importers[key]
