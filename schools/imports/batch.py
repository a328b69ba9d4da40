"""Some rows on their way in, and the book of what they create and change."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from identity.models import User
from schools.imports.choices import Mode, Outcome
from schools.imports.models import Change, Run

NOT_KEPT = {"created_at", "updated_at"}


class Wrong(ValueError):
    """A cell that is not what its column should hold; the message is a sentence."""


@dataclass(slots=True)
class Row:
    """One row: `number` as the spreadsheet shows it, `index` counted under the head, what was typed and what it means.

    Parts leave what they found or made in `found` for the parts above them.
    """

    number: int
    index: int
    columns: Mapping[str, str]
    typed: dict[str, str]
    values: dict[str, Any]
    misread: list[tuple[str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    outcome: Outcome | None = None
    found: dict[str, Any] = field(default_factory=dict)

    def fresh(self) -> "Row":
        """The same row before anybody prepared it."""
        return Row(self.number, self.index, self.columns, self.typed, self.values, self.misread, list(self.misread))

    def refuse(self, key: str, message: str) -> None:
        """Say what is wrong with a field of the row; "" for the row as a whole."""
        if (key, message) not in self.problems:
            self.problems.append((key, message))


class Ledger:
    """What a run created and changed, with how it was before; kept for the undo."""

    def __init__(self, run: Run, *, keep: bool) -> None:
        self._run = run
        self._keep = keep
        self._open: dict[str, dict[UUID, dict[str, Any] | None]] = {}

    def created(self, model: type[models.Model], ids: Iterable[UUID]) -> None:
        """Note new records."""
        for pk in ids:
            self._open.setdefault(model._meta.label, {}).setdefault(pk, None)

    def changing(self, model: type[models.Model], ids: Iterable[UUID]) -> None:
        """Note how records stand in the database, before they are changed."""
        known = self._open.setdefault(model._meta.label, {})
        wanted = [pk for pk in ids if pk not in known]
        known.update(snapshots(model, wanted))

    def settle(self) -> None:
        """Write down how the records stand now; called once at the end of a batch, in its transaction."""
        if not self._keep:
            self._open.clear()
            return
        number = self._run.changes.count()
        rows: list[Change] = []
        for label, before in self._open.items():
            after = snapshots(apps.get_model(label), list(before))
            held = {row.object_id: row for row in self._run.changes.filter(model=label, object_id__in=list(before))}
            again: list[Change] = []
            for pk, was in before.items():
                if pk in held:
                    held[pk].after = after[pk]
                    again.append(held[pk])
                elif pk in after and was != after[pk]:
                    number += 1
                    rows.append(
                        Change(run=self._run, number=number, model=label, object_id=pk, before=was, after=after[pk])
                    )
            Change.objects.bulk_update(again, ["after"], batch_size=500)
        Change.objects.bulk_create(rows, batch_size=1000)
        self._open.clear()

    def forget(self) -> None:
        """Drop what was noted since the last settling, when its writes were rolled back."""
        self._open.clear()


@dataclass(slots=True)
class Batch:
    """Rows that are prepared and written together. `memory` lasts from batch to batch."""

    rows: list[Row]
    run: Run
    mapped: Collection[str]
    ledger: Ledger
    memory: dict[str, Any]
    by: User | None
    at: datetime

    def working(self) -> Iterator[Row]:
        """The rows that nobody refused and that are not left as they are."""
        return (row for row in self.rows if not row.problems and row.outcome is not Outcome.SKIP)

    def option(self, part: str, name: str, default: Any = None) -> Any:
        """What was chosen in a part's form."""
        return self.run.options.get(part, {}).get(name, default)

    @property
    def adds(self) -> bool:
        """True when rows may become new records."""
        return self.run.mode in (Mode.INSERT, Mode.BOTH)

    @property
    def changes(self) -> bool:
        """True when rows may change records that are there."""
        return self.run.mode in (Mode.UPDATE, Mode.BOTH)


def snapshots(model: type[models.Model], ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """How records stand in the database, each field as JSON."""
    if not ids:
        return {}
    fields = kept_fields(model)
    rows = model._default_manager.filter(pk__in=ids).values_list("pk", *(one.attname for one in fields))
    return {pk: {one.attname: _plain(value) for one, value in zip(fields, values, strict=True)} for pk, *values in rows}


def kept_fields(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The columns that a record is compared and restored by."""
    return [one for one in model._meta.concrete_fields if not one.primary_key and one.name not in NOT_KEPT]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, dict)):
        return value
    return str(value)
