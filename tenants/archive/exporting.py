"""A school's portable export: every registered resource as CSV and JSON Lines, the media, and no secret.

Doors and domains offer their resources; this room only writes them down.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import orjson
from django.db import connection, transaction

from core import storage
from tenants import context
from tenants.archive.manifest import Manifest
from tenants.archive.packing import PIECE, Packer
from tenants.archive.writing import Progress
from tenants.models import CopyKind, School
from web import csvfile

BATCH = 500


@dataclass(frozen=True, slots=True)
class Resource:
    """One collection: `fields` name its columns (`class.name` for what lies inside), `rows` gives each row's JSON."""

    name: str
    fields: tuple[str, ...]
    rows: Callable[[], Iterator[str]]
    order: int = 50


_offers: list[Callable[[], list[Resource]]] = []


def offer(resources_of: Callable[[], list[Resource]]) -> None:
    """Add resources to every school's export; called from AppConfig.ready(), asked when an export is made."""
    if resources_of not in _offers:
        _offers.append(resources_of)


def resources() -> list[Resource]:
    """Every resource that is offered, in order."""
    return sorted((one for offered in _offers for one in offered()), key=lambda one: (one.order, one.name))


def write(path: Path, school: School, *, at: datetime, progress: Progress | None = None) -> Manifest:
    """Write the file, all resources as they are at one moment."""
    tell = progress or (lambda done, total: None)
    with context.in_school(school), transaction.atomic(), Packer(path) as packer:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        media, wanted = list(storage.walk()), resources()
        total = len(wanted) + len(media)
        for done, resource in enumerate(wanted):
            tell(done, total)
            _add(packer, resource)
        for done, name in enumerate(media, start=len(wanted)):
            tell(done, total)
            if storage.exists(name):
                packer.add(f"media/{name}", "media", storage.pieces(name))
        made = Manifest(
            kind=CopyKind.EXPORT,
            made_at=at.isoformat(),
            school={"id": str(school.pk), "slug": school.slug, "name": school.name, "facts": school.facts},
            members=tuple(packer.members),
        )
        packer.close_with(made)
        tell(total, total)
    return made


def _add(packer: Packer, resource: Resource) -> None:
    """Both faces of a resource from one reading of it."""
    with tempfile.TemporaryFile() as lines:
        number = 0
        for row in resource.rows():
            lines.write(row.encode() + b"\n")
            number += 1
        for name, pieces, columns in (
            (f"{resource.name}.jsonl", _pieces(lines), ()),
            (f"{resource.name}.csv", _table(lines, resource.fields), resource.fields),
        ):
            lines.seek(0)
            packer.add(name, "resource", pieces, rows=number, columns=columns)


def _pieces(lines: IO[bytes]) -> Iterator[bytes]:
    while piece := lines.read(PIECE):
        yield piece


def _table(lines: IO[bytes], fields: tuple[str, ...]) -> Iterator[bytes]:
    yield (csvfile.BOM + csvfile.lines([fields])).encode()
    batch: list[list[object]] = []
    for line in lines:
        row = orjson.loads(line)
        batch.append([_cell(row, field) for field in fields])
        if len(batch) >= BATCH:
            yield csvfile.lines(batch).encode()
            batch = []
    if batch:
        yield csvfile.lines(batch).encode()


def _cell(row: Any, field: str) -> object:
    for name in field.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return orjson.dumps(row).decode() if isinstance(row, list | dict) else row
