"""The book of what an act on many records creates, changes and removes, out of which it is undone."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

NOT_KEPT = {"created_at", "updated_at", "password", "last_login", "session_epoch"}


class Ledger:
    """Notes of one act, written to `changes`: the related manager of rows that derive from `models.Recorded`."""

    def __init__(self, changes: Any, *, keep: bool = True) -> None:
        self._changes = changes
        self._keep = keep
        self._open: dict[str, dict[UUID, dict[str, Any] | None]] = {}

    def created(self, model: type[models.Model], ids: Iterable[UUID]) -> None:
        """Note new records."""
        for pk in ids:
            self._open.setdefault(model._meta.label, {}).setdefault(pk, None)

    def changing(self, model: type[models.Model], ids: Iterable[UUID]) -> None:
        """Note how records stand in the database, before they are changed or removed."""
        known = self._open.setdefault(model._meta.label, {})
        wanted = [pk for pk in ids if pk not in known]
        known.update(snapshots(model, wanted))

    removing = changing

    def settle(self) -> dict[str, int]:
        """Write down how the records stand now, at the end of the act's transaction; gives back how many of each."""
        counts = {"created": 0, "changed": 0, "removed": 0}
        if not self._keep:
            self._open.clear()
            return counts
        number = self._changes.count()
        rows: list[models.Model] = []
        for label, before in self._open.items():
            after = snapshots(apps.get_model(label), list(before))
            held = {row.object_id: row for row in self._changes.filter(model=label, object_id__in=list(before))}
            again: list[models.Model] = []
            for pk, was in before.items():
                now = after.get(pk)
                if pk in held:
                    held[pk].after = now
                    again.append(held[pk])
                elif was != now:
                    number += 1
                    counts["created" if was is None else "removed" if now is None else "changed"] += 1
                    rows.append(
                        self._changes.model(
                            **self._changes.core_filters,
                            number=number, model=label, object_id=pk, before=was, after=now,
                        )
                    )  # fmt: skip
            self._changes.bulk_update(again, ["after"], batch_size=500)
        self._changes.bulk_create(rows, batch_size=1000)
        self._open.clear()
        return counts

    def forget(self) -> None:
        """Drop what was noted since the last settling, when its writes were rolled back."""
        self._open.clear()


def snapshots(model: type[models.Model], ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """How records stand in the database, each field as JSON, and the ids of what they are tied to."""
    if not ids:
        return {}
    fields = kept_fields(model)
    rows = model._default_manager.filter(pk__in=ids).values_list("pk", *(one.attname for one in fields))
    found = {
        pk: {one.attname: _plain(value) for one, value in zip(fields, values, strict=True)} for pk, *values in rows
    }
    for tie in kept_ties(model):
        for held in found.values():
            held[tie.name] = []
        through = tie.remote_field.through._default_manager
        pairs = through.filter(**{f"{tie.m2m_field_name()}__in": list(found)})
        own, other = f"{tie.m2m_field_name()}_id", f"{tie.m2m_reverse_field_name()}_id"
        for pk, tied in pairs.order_by(other).values_list(own, other):
            found[pk][tie.name].append(str(tied))
    return found


def kept_fields(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The columns that a record is compared and restored by."""
    return [one for one in model._meta.concrete_fields if not one.primary_key and one.name not in NOT_KEPT]


def kept_ties(model: type[models.Model]) -> list[Any]:
    """The many-to-many fields without a model of their own: a group's members."""
    ties: list[Any] = list(model._meta.many_to_many)
    return [one for one in ties if one.remote_field.through._meta.auto_created]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str, list, dict)):
        return value
    return str(value)
