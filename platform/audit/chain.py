"""Seals the trail in batches, and proves that nothing in it was altered.

Writes only append rows; a job binds them into a chain afterwards, because a lock on the chain's head would serialise
every write of a school. The newest seal is also noted in the public schema, so that cutting off the tail is seen.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from django.db import connection, transaction

from audit.models import Entry, Seal
from core import scope
from monitoring import metrics

GENESIS = "0" * 64
BATCH = 5000


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the trail is not what was sealed."""

    seal: int
    what: str


@transaction.atomic
def seal() -> int:
    """Bind the entries not yet sealed; gives back how many. Two at once are one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE audit_seal IN SHARE ROW EXCLUSIVE MODE")
    entries = list(Entry.objects.filter(seal_number=None).order_by("pk")[:BATCH])
    if not entries:
        return 0
    last = Seal.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.digest) if last else (1, GENESIS)
    digest = _digest(previous, entries)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(seal_number=number)
    Seal.objects.create(number=number, entries=len(entries), previous=previous, digest=digest)
    _anchor(number, digest)
    metrics.audit_sealed(len(entries))
    return len(entries)


def verify() -> Iterator[Fault]:
    """Every fault of the current school's trail, in order; nothing means that it is as it was written."""
    previous, number = GENESIS, 0
    for found in Seal.objects.order_by("number").iterator(chunk_size=500):
        number += 1
        if found.number != number:
            yield Fault(number, f"seal {number} is missing")
            number = found.number
        if found.previous != previous:
            yield Fault(number, "is not bound to the seal before it")
        entries = list(Entry.objects.filter(seal_number=found.number).order_by("pk"))
        if len(entries) != found.entries:
            yield Fault(number, f"holds {len(entries)} entries, {found.entries} were sealed")
        if _digest(found.previous, entries) != found.digest:
            yield Fault(number, "an entry was altered")
        previous = found.digest
    anchored = _anchored()
    if anchored is not None and anchored != (number, previous):
        yield Fault(number, f"the platform noted seal {anchored[0]}, the trail ends at {number}")


def vouch() -> None:
    """Note the newest seal of the current school as the one to find: its trail came out of a copy, on purpose."""
    last = Seal.objects.order_by("-number").first()
    if last is not None:
        _anchor(last.number, last.digest)
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.core_anchor WHERE scope_id = %s", [scope.current().id])


def _digest(previous: str, entries: list[Entry]) -> str:
    chain = hashlib.sha256(previous.encode())
    for entry in entries:
        chain.update(
            orjson.dumps(
                [
                    str(entry.pk),
                    entry.at.isoformat(),
                    entry.action,
                    str(entry.actor_id or ""),
                    entry.actor_name,
                    entry.object_type,
                    entry.object_id,
                    entry.object_name,
                    entry.changes,
                    entry.request_id,
                ],
                option=orjson.OPT_SORT_KEYS,
            )
        )
    return chain.hexdigest()


def _anchor(number: int, digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO public.core_anchor (id, scope_id, number, digest, created_at, updated_at)
               VALUES (gen_random_uuid(), %s, %s, %s, now(), now())
               ON CONFLICT (scope_id) DO UPDATE SET number = %s, digest = %s, updated_at = now()""",
            [scope.current().id, number, digest, number, digest],
        )


def _anchored() -> tuple[int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, digest FROM public.core_anchor WHERE scope_id = %s", [scope.current().id])
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else None
