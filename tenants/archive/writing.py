"""A whole school into one file: every table in one moment of the database, and its media as they are now."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from psycopg import sql

from core import storage
from core.errors import Conflict
from tenants import context, database, template
from tenants.archive import tables, totals
from tenants.archive.manifest import Manifest
from tenants.archive.packing import Packer
from tenants.database import Connection
from tenants.models import CopyKind, School

Progress = Callable[[int, int], None]
_FACTS = ("id", "slug", "schema", "name", "state", "facts", "head_name", "head_email", "created_at", "live_at")


def write(path: Path, school: School, *, at: datetime, where: str = "", progress: Progress | None = None) -> Manifest:
    """Write the file. `where` names another server to read the tables from: the cluster at an earlier moment."""
    tell = progress or (lambda done, total: None)
    with context.in_school(school):
        media = list(storage.walk())
        with database.snapshot(where) as own, Packer(path) as packer:
            said = about(own, school.pk)
            schema = str(said["schema"])
            found = tables.of(own, schema)
            if not found:
                raise Conflict(_("This school has no tables: it is not set up, or archived."))
            total = len(found) + len(media)
            for done, table in enumerate(found):
                tell(done, total)
                number = tables.rows(own, schema, table.name)
                pieces = tables.out(own, schema, table.name, table.columns, table.key)
                packer.add(f"tables/{table.name}.csv", "table", pieces, columns=table.columns, rows=number)
            for done, name in enumerate(media, start=len(found)):
                tell(done, total)
                if storage.exists(name):
                    packer.add(f"media/{name}", "media", storage.pieces(name))
            made = Manifest(
                kind=CopyKind.ARCHIVE,
                made_at=at.isoformat(),
                school=said,
                members=tuple(packer.members),
                migrations=tuple(migrations(own, schema)),
                fingerprint=template.fingerprint(),
                server=str(own.info.parameter_status("server_version")),
                left_out=tables.LEFT_OUT,
                facts={"seal": last_seal(own, schema), "totals": totals.of(own, schema)},
            )
            packer.close_with(made)
            tell(total, total)
    return made


def about(own: Connection, school_id: UUID) -> dict[str, Any]:
    """What the platform's own table says of a school there; raises Conflict when it knew no such school."""
    columns = sql.SQL(", ").join(map(sql.Identifier, _FACTS))
    row = own.execute(
        sql.SQL("SELECT {} FROM public.tenants_school WHERE id = %s").format(columns), [school_id]
    ).fetchone()
    if row is None:
        raise Conflict(_("The school was not there at that moment."))
    plain = dict(zip(_FACTS, row, strict=True))
    return {name: value if isinstance(value, dict | str | None) else str(value) for name, value in plain.items()}


def migrations(own: Connection, schema: str) -> list[tuple[str, str]]:
    """The migrations applied to a schema, in their order."""
    statement = sql.SQL("SELECT app, name FROM {} ORDER BY id").format(sql.Identifier(schema, "django_migrations"))
    return [(str(app), str(name)) for app, name in own.execute(statement).fetchall()]


def last_seal(own: Connection, schema: str) -> list[Any] | None:
    """Number and digest of the newest seal of a schema's audit trail."""
    statement = sql.SQL("SELECT number, digest FROM {} ORDER BY number DESC LIMIT 1").format(
        sql.Identifier(schema, "audit_seal")
    )
    row = own.execute(statement).fetchone()
    return list(row) if row else None
