"""Taking in what phones kept: once for each item, in the order in which they were made, each for itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import DomainError, Unprocessable
from identity.models import User
from schools.offline import kinds
from schools.offline.choices import State
from schools.offline.kinds import Answer
from schools.offline.models import Receipt

MOST_ITEMS = 50
KEPT = timedelta(days=60)


class NotOurs(Unprocessable):
    """What was sent is not a list of items."""

    code = "not_items"


def receive(*, items: Any, by: User, at: datetime) -> list[dict[str, Any]]:
    """An answer for each item: saved, duplicate (with what the first sending got), partly_stale or rejected.

    Each item has its own transaction, so what was answered is kept whatever becomes of the next. The moment of capture
    is our clock less the item's age, which the phone measured with its own, at most fourteen days back.
    """
    if not isinstance(items, list) or len(items) > MOST_ITEMS or not all(isinstance(item, dict) for item in items):
        raise NotOurs(_("Send a list of at most %(n)d items.") % {"n": MOST_ITEMS})
    ids = [_uuid(item.get("id")) for item in items]
    if None in ids or len(set(ids)) < len(ids):
        raise NotOurs(_("Each item needs a UUID of its own."))
    return [_take(key, item, by, at) for key, item in zip(ids, items, strict=True) if key]


@transaction.atomic
def forget(*, by: User | None, at: datetime) -> int:
    """Drop the receipts of items that no phone can still send; gives back how many."""
    return Receipt.objects.filter(created_at__lt=at - KEPT).delete()[0]


@transaction.atomic
def _take(key: UUID, item: Mapping[str, Any], by: User, at: datetime) -> dict[str, Any]:
    moment = kinds.captured_at(item.get("age"), at)
    kind = str(item.get("kind", ""))[:40]
    if not _first(key, kind, moment, by, at):
        return _again(Receipt.objects.get(pk=key), by)
    answer = _answer(kind, item.get("body"), by, at)
    receipt = Receipt.objects.get(pk=key)
    receipt.state = answer.state
    receipt.answer = {"message": answer.message, "lines": answer.lines}
    receipt.body = _kept(item.get("body")) if answer.state == State.REJECTED else None
    receipt.save(update_fields=["state", "answer", "body", "updated_at"])
    return {"id": str(key), "state": answer.state, **receipt.answer}


def _answer(kind: str, body: Any, by: User, at: datetime) -> Answer:
    take = kinds.get(kind)
    if take is None or not isinstance(body, dict):
        return Answer(State.REJECTED, _("The school does not know what this is. Open the page again and repeat it."))
    try:
        with transaction.atomic():
            return take(by, body, lambda age: kinds.captured_at(age, at), at)
    except DomainError as error:
        lines = [{"id": name, "message": " ".join(words)} for name, words in error.errors.items()]
        return Answer(State.REJECTED, error.message, lines)


def _first(key: UUID, kind: str, moment: datetime, by: User, at: datetime) -> bool:
    """Write the receipt; False when it is there. A second sending waits here until the first has been answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO offline_receipt (id, user_id, kind, state, answer, captured_at, created_at, updated_at)
               VALUES (%s, %s, %s, %s, '{}', %s, %s, %s) ON CONFLICT (id) DO NOTHING""",
            [key, by.pk, kind, State.SAVED, moment, at, at],
        )
        return bool(cursor.rowcount == 1)


def _again(receipt: Receipt, by: User) -> dict[str, Any]:
    if receipt.user_id != by.pk:
        return {
            "id": str(receipt.pk), "state": State.REJECTED, "lines": [],
            "message": _("Somebody else sent this already."),
        }  # fmt: skip
    return {"id": str(receipt.pk), "state": "duplicate", "was": receipt.state, **receipt.answer}


def _kept(body: Any) -> Any:
    return body if isinstance(body, dict) else None


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
