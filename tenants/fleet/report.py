"""What a rollout did, for machines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from tenants import context
from tenants.fleet import head
from tenants.fleet.status import Standing, count
from tenants.models import Upgrade


def of(
    standings: Sequence[Standing], wanted: head.Head, *, ended: str, began: datetime, at: datetime
) -> dict[str, Any]:
    """Counts by place, and for each school of the rollout its state, road, attempts, seconds and error."""
    seconds = (at - began).total_seconds()
    with context.in_public():
        rows = [_school(row) for row in Upgrade.objects.filter(target=wanted.digest, updated_at__gte=began)
                .select_related("school").order_by("school__slug")]  # fmt: skip
    moved = sum(row["state"] == "done" for row in rows)
    return {
        "target": wanted.digest,
        "ended": ended,
        "began": began.isoformat(),
        "finished": at.isoformat(),
        "seconds": round(seconds, 3),
        "schools_per_second": round(moved / seconds, 2) if seconds else 0,
        "counts": {str(place): n for place, n in count(standings).items()},
        "schools": rows,
        "behind": [{"slug": s.slug, "missing": [".".join(key) for key in s.missing]} for s in standings if s.missing],
    }


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write it whole or not at all."""
    half = path.with_name(f"{path.name}.half")
    half.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
    half.replace(path)


def _school(row: Upgrade) -> dict[str, Any]:
    took = (row.finished_at - row.started_at).total_seconds() if row.finished_at and row.started_at else None
    return {
        "slug": row.school.slug,
        "wave": row.get_wave_display(),
        "state": row.state,
        "road": row.road,
        "attempts": row.attempts,
        "seconds": took,
        "error": row.error,
    }
