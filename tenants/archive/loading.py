"""A school out of its file: into a schema that is built at the file's own migrations, then brought to this version."""

from collections.abc import Mapping

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from psycopg import sql

from core import storage
from core.errors import Conflict
from tenants import context, database, naming, template
from tenants.archive import tables, totals, writing
from tenants.archive.manifest import Manifest, Unreadable
from tenants.archive.packing import Unpacker
from tenants.models import CopyKind, School


class TooNew(Conflict):
    """The file knows migrations that this version of the code does not."""

    code = "archive_too_new"


def load(source: Unpacker, schema: str) -> dict[str, int]:
    """Build a schema of this name and fill it; gives back the rows of each table. Whatever fails leaves nothing.

    Raises Unreadable for a file that is not whole, TooNew for one of later code than this, and DoesNotReconcile.
    """
    said = source.manifest
    if said.kind != CopyKind.ARCHIVE:
        raise Unreadable(_("This is a portable export: a school is restored from its archive."))
    older = is_older(said)
    drop(schema)
    try:
        if older:
            _create(schema)
            template.migrate(schema, settings.TENANT_APPS, only=frozenset(said.migrations))
        else:
            with database.apart() as own:
                own.execute(f"CREATE SCHEMA {naming.quoted(schema)}".encode())
                own.execute(template.replay_sql(template.current(), schema).encode())
        counts = _fill(source, schema)
        if older:
            template.migrate(schema, settings.TENANT_APPS)
        with database.snapshot() as own:
            totals.check(own, schema, said.facts.get("totals", {}))
    except BaseException:
        drop(schema)
        raise
    return counts


def is_older(said: Manifest) -> bool:
    """Whether the file is of earlier migrations than this code; raises TooNew when it is of later ones."""
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    applied = set(said.migrations)
    if unknown := sorted(applied - known):
        app, name = unknown[0]
        raise TooNew(
            _("This file was made by later code: %(app)s.%(name)s is not known here. Deploy that version first.")
            % {"app": app, "name": name}
        )
    return bool(template.wanted(settings.TENANT_APPS) - applied)


def is_behind(schema: str) -> bool:
    """Whether a schema lacks a migration of this code: it was loaded before the last release."""
    with database.snapshot() as own:
        return bool(template.wanted(settings.TENANT_APPS) - set(writing.migrations(own, schema)))


def put_media(source: Unpacker, school: School) -> int:
    """Write the files that the school lacks, or has otherwise; gives back how many."""
    written = 0
    with context.in_school(school):
        for member in source.manifest.of("media"):
            path = member.name.removeprefix("media/")
            if storage.exists(path) and storage.digest(path) == member.sha256:
                continue
            storage.put(path, source.pieces(member))
            written += 1
    return written


def drop(*schemas: str) -> None:
    """Remove schemas with all that they hold; one that is not there is fine."""
    with database.apart() as own:
        own.execute("SET LOCAL lock_timeout = '10s'")
        for schema in schemas:
            own.execute(f"DROP SCHEMA IF EXISTS {naming.quoted(schema)} CASCADE".encode())


def faults(said: Manifest, schema: str) -> list[str]:
    """Compare a freshly loaded schema of the same version with the file, table by table, by digest."""
    found = []
    with database.snapshot() as own:
        there = {table.name: table for table in tables.of(own, schema)}
        for member in said.of("table"):
            table = there.get(_table(member.name))
            if table is None:
                found.append(f"{member.name}: the table is missing")
            elif tables.fingerprint(own, schema, table.name, member.columns, table.key) != member.sha256:
                found.append(f"{member.name}: the rows are not those of the file")
    return found


def _create(schema: str) -> None:
    with database.apart() as own:
        own.execute(f"CREATE SCHEMA {naming.quoted(schema)}".encode())


def _fill(source: Unpacker, schema: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    with database.apart() as own:
        there: Mapping[str, tables.Table] = {table.name: table for table in tables.of(own, schema)}
        for name in there:
            own.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(schema, name)))
        for name in there:
            own.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(schema, name)))
        for member in source.manifest.of("table"):
            name = _table(member.name)
            if name not in there or not set(member.columns) <= set(there[name].columns):
                raise Unreadable(_("%(name)s does not fit this version.") % {"name": member.name})
            try:
                counts[name] = tables.take_in(own, schema, name, member.columns, source.pieces(member))
            except (psycopg.DataError, psycopg.IntegrityError) as error:
                raise Unreadable(_("%(name)s does not fit this version.") % {"name": member.name}) from error
            if counts[name] != member.rows:
                raise Unreadable(_("%(name)s is damaged.") % {"name": member.name})
        try:
            own.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.IntegrityError as error:
            raise Unreadable(_("The records of this file do not fit together.")) from error
        for name in there:
            own.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(schema, name)))
            own.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(schema, name)))
        tables.wind_counters(own, schema)
    return counts


def _table(member: str) -> str:
    return member.removeprefix("tables/").removesuffix(".csv")
