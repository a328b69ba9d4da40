"""The schools of the fleet, set up one after the other as the worker does it, and what an empty one takes."""

import json
import statistics
import time
from pathlib import Path

from loadtests.bench.figures import Figure
from loadtests.bench.fleet.ground import Ground
from loadtests.bench.fleet.record import Progress

PREFIX, SOME = "fleet-", 100


def slug(number: int) -> str:
    """The address of the school of a number, counted from 1."""
    return f"{PREFIX}{number:04d}"


def build(ground: Ground) -> list[Figure]:
    """Set up those that are still missing; each one's seconds are kept as soon as it stands."""
    kept = _Seconds(ground.home / "seconds.jsonl")
    missing = sorted({slug(number) for number in range(1, ground.schools + 1)} - _open())
    progress = Progress("schools", ground.schools, ground.schools - len(missing))
    for address in missing:
        kept.add(set_up(address))
        progress.one_more()
    some = min(SOME, ground.schools // 2)
    first, last = (statistics.median(part) for part in (kept.all[:some], kept.all[-some:]))
    return [
        Figure("schools of the real schema in one database", ground.schools, None, ""),
        Figure("one school set up, p50", statistics.median(kept.all), 1, "s"),
        Figure("the same, p95", statistics.quantiles(kept.all, n=20)[-1], 1.5, "s"),
        Figure(f"the last {some} in times of the first {some}, medians", last / first, 1.2, "×"),
    ]


def sizes(ground: Ground) -> list[Figure]:
    """What an empty school takes on the disk, as the median of some."""
    from tenants import context, footprint
    from tenants.models import School

    with context.in_public():
        schemas = School.objects.filter(slug__startswith=PREFIX).values_list("schema", flat=True)[:SOME]
        found = [footprint.of(schema) for schema in schemas]
    return [
        Figure("an empty school in the database", statistics.median(one.bytes for one in found) / 2**20, None, "MB"),
        Figure("its files", statistics.median(one.files for one in found), None, ""),
        Figure("its tables", statistics.median(one.tables for one in found), None, ""),
        Figure("its indexes", statistics.median(one.indexes for one in found), None, ""),
    ]


def _open() -> set[str]:
    from tenants import context
    from tenants.models import School, State

    with context.in_public():
        return set(School.objects.filter(state=State.LIVE).values_list("slug", flat=True))


def set_up(address: str) -> float:
    """One school with its head, in this process; gives back the seconds that it took."""
    from core import clock
    from tenants import provisioning

    began, at = time.perf_counter(), clock.now()
    school = provisioning.request(
        slug=address,
        name=f"School {address}",
        head_name="Rose Atieno",
        head_email=f"head@{address}.example.org",
        by=None,
        at=at,
        in_background=False,
    )
    provisioning.provision(str(school.pk), at=at)
    return time.perf_counter() - began


class _Seconds:
    """A file to which every school adds its line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.all: list[float] = [json.loads(line) for line in path.read_text().split()] if path.exists() else []

    def add(self, seconds: float) -> None:
        self.all.append(seconds)
        with self._path.open("a") as file:
            file.write(f"{json.dumps(round(seconds, 4))}\n")
