"""One line in the trail for every write, in the write's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, models

from audit.models import Entry
from core import cache, scope
from monitoring import logging as logs


class Actor(Protocol):
    """Whoever acts: a user of the school, or an operator."""

    @property
    def pk(self) -> Any:
        """The actor's id."""

    def __str__(self) -> str: ...


class OutsideTransaction(RuntimeError):
    """A write was recorded apart from its own transaction."""


def record(
    action: str,
    *,
    on: models.Model | None = None,
    by: Actor | None,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry. `action` is `<thing>.<past participle>`; `by=None` is the platform itself; `changes` are JSON."""
    record_many([(action, on, dict(changes or {}))], by=by, at=at)


def record_many(acts: list[tuple[str, models.Model | None, dict[str, Any]]], *, by: Actor | None, at: datetime) -> None:
    """Add an entry for each act, in one statement."""
    if not connection.in_atomic_block:
        raise OutsideTransaction("audit.record belongs inside the transaction of the write that it records.")
    request_id = str(logs.context().get("request_id", ""))
    Entry.objects.bulk_create(
        [
            Entry(
                at=at,
                action=action,
                actor_id=by.pk if by is not None and isinstance(by.pk, UUID) else None,
                actor_name=str(by)[:150] if by is not None else "Shule",
                object_type=on._meta.label_lower if on is not None else "",
                object_id=str(on.pk) if on is not None else "",
                object_name=str(on)[:200] if on is not None else "",
                changes=_plain(changes),
                request_id=request_id,
            )
            for action, on, changes in acts
        ],
        batch_size=1000,
    )
    if not scope.current().is_public:
        for room in {on._meta.app_label if on is not None else "school" for _action, on, _changes in acts}:
            cache.bump(room)  # every write passes here, so none can forget it


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return str(value)
