"""Who is brought to the new version when: canaries, then one in twenty, then the rest.

Laying a plan writes a row for each school that is behind and leaves those alone that the same plan has already, so
that a plan laid again, on another machine or after a kill, goes on where the first stood.
"""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction

from core import ids
from tenants import context
from tenants.fleet import head
from tenants.fleet.status import Place, Standing
from tenants.models import Rollout, Upgrade, UpgradeState, Wave

FEW = 0.05


def waves(standings: Sequence[Standing], target: str, canaries: Collection[str] = ()) -> Mapping[Wave, list[Standing]]:
    """The schools that are behind, by wave and in the order of their turn.

    The order of the others is drawn by the version, so that it is not always the same schools that go first.
    """
    behind = [s for s in standings if s.place == Place.BEHIND]
    first = [s for s in behind if s.is_canary or s.slug in canaries]
    others = sorted((s for s in behind if s not in first), key=lambda s: _drawn(target, s.school_id))
    few = math.ceil(len(others) * FEW)
    return {Wave.CANARIES: first, Wave.FEW: others[:few], Wave.REST: others[few:]}


@transaction.atomic
def lay(
    standings: Sequence[Standing],
    wanted: head.Head,
    *,
    canaries: Collection[str] = (),
    stop_after: int,
    past_canaries: bool = False,
) -> int:
    """Give each school that is behind its row and its turn; gives back how many wait."""
    with context.in_public():
        rollout, _made = Rollout.objects.get_or_create(target=wanted.digest)
        rollout.stop_after, rollout.past_canaries = stop_after, past_canaries
        rollout.save(update_fields=["stop_after", "past_canaries", "updated_at"])
        _settle([s.school_id for s in standings if s.place == Place.AT_HEAD], wanted.digest)
        # A school set up while the others are moved joins the rest: the waves were drawn without it.
        underway = Upgrade.objects.filter(target=wanted.digest).exists()
        turns = [
            (s.school_id, Wave.REST if underway and wave == Wave.FEW else wave)
            for wave, schools in waves(standings, wanted.digest, canaries).items()
            for s in schools
        ]
        _enter(turns, wanted.digest)
        return Upgrade.objects.filter(
            target=wanted.digest, state__in=[UpgradeState.WAITING, UpgradeState.RUNNING]
        ).count()


def _settle(at_head: Sequence[UUID], target: str) -> None:
    """Who is at head is done, whatever its row says: its worker may have died between the two."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE tenants_upgrade SET state = 'done', error = '', updated_at = now(),
                      finished_at = coalesce(finished_at, now())
               WHERE target = %s AND state <> 'done' AND school_id = ANY(%s)""",
            [target, list(at_head)],
        )


def _enter(turns: Sequence[tuple[UUID, Wave]], target: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO tenants_upgrade AS u (id, school_id, wave, place, target, state, attempts, not_before, road,
                                                 worker, error, created_at, updated_at)
               SELECT id, school_id, wave, place, %s, 'waiting', 0, now(), '', '', '', now(), now()
               FROM unnest(%s::uuid[], %s::uuid[], %s::smallint[]) WITH ORDINALITY AS t (id, school_id, wave, place)
               ON CONFLICT (school_id) DO UPDATE
               SET wave = excluded.wave, place = excluded.place, target = excluded.target, state = 'waiting',
                   attempts = 0, not_before = now(), road = '', worker = '', error = '', started_at = NULL,
                   finished_at = NULL, updated_at = now()
               WHERE u.target <> excluded.target OR u.state = 'done'""",
            [target, [ids.uuid7() for _ in turns], [school for school, _ in turns], [int(w) for _, w in turns]],
        )


def _drawn(target: str, school_id: UUID) -> bytes:
    return hashlib.sha256(target.encode() + school_id.bytes).digest()
