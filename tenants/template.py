"""The schema that every new school is copied from: built by the migrations, dumped, kept in the database.

Running a school's migrations takes seconds; replaying the dump of what they leave takes a fraction of one. The dump is
named by the fingerprint of the migrations, and one of another fingerprint is never used.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from core import scope
from tenants import context, naming
from tenants.migrating import Executor
from tenants.models import Template

SCHEMA = "zz_shule_template_zz"
_SKIP = re.compile(r"^(SET |SELECT pg_catalog\.set_config|\\|--|COMMENT ON SCHEMA|CREATE SCHEMA|ALTER SCHEMA)")


class TemplateStale(RuntimeError):
    """The stored template is not of this version of the code."""


class NotMigrated(RuntimeError):
    """The public schema is behind the code."""


def fingerprint() -> str:
    """Names the schema that this version's migrations build: a hash over every migration of a school's apps."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = labels(settings.TENANT_APPS)
    digest = hashlib.sha256()
    for key in sorted(key for key in loader.disk_migrations if key[0] in ours):
        module = loader.disk_migrations[key].__class__.__module__
        digest.update(f"{key}".encode())
        digest.update(_source(module))
    return digest.hexdigest()


def current() -> Template:
    """The template of this version; raises TemplateStale when it was not built."""
    with context.in_public():
        found = Template.objects.filter(fingerprint=fingerprint()).first()
    if found is None:
        raise TemplateStale("The template schema is not of this version. Run: manage.py migrate_shared")
    return found


def refresh() -> tuple[Template, bool]:
    """Build the template of this version unless it is there; also says whether it was built."""
    try:
        return current(), False
    except TemplateStale:
        pass
    sql = build()
    with context.in_public():
        made, _created = Template.objects.update_or_create(
            fingerprint=fingerprint(), defaults={"sql": sql, "tables": sql.count("CREATE TABLE ")}
        )
    return made, True


def build() -> str:
    """Run a school's migrations in a scratch schema and give back its dump."""
    _drop()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {naming.quoted(SCHEMA)}")
    try:
        migrate(SCHEMA, settings.TENANT_APPS)
        return _dump()
    finally:
        _drop()


def migrate(schema: str, installed: Iterable[str], *, only: frozenset[tuple[str, str]] | None = None) -> None:
    """Bring one schema to the head of these apps' migrations, the slow and ordinary way; `only` stops at these."""
    place = context.PUBLIC if schema == scope.PUBLIC_SCHEMA else _scratch(schema)
    with scope._entered(place):
        executor = Executor(connection)
        ours = labels(installed)
        graph = executor.loader.graph
        targets = [key for key in graph.leaf_nodes() if key[0] in ours]
        if only is not None:
            followed = {parent.key for key in only for parent in graph.node_map[key].parents if parent.key[0] == key[0]}
            targets = sorted(only - followed)
        executor.migrate(targets)
        tell_apps()


def tell_apps() -> None:
    """Send post_migrate in the current schema, as `manage.py migrate` does."""
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def wanted(installed: Iterable[str]) -> set[tuple[str, str]]:
    """Every migration of these apps that this version's code knows."""
    ours = labels(installed)
    return {key for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations if key[0] in ours}


def check_shared_at_head() -> None:
    """Raise NotMigrated unless every migration of the public schema has been applied."""
    ours = labels(settings.SHARED_APPS)
    loader = MigrationLoader(None, ignore_no_migrations=True)
    wanted = {key for key in loader.disk_migrations if key[0] in ours}
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM public.django_migrations")
        applied = {(app, name) for app, name in cursor.fetchall()}
    if wanted - applied:
        raise NotMigrated(f"{len(wanted - applied)} migrations of the public schema wait.")


def replay_sql(template: Template, schema: str) -> str:
    """The template's SQL for one school's schema."""
    return template.sql.replace(SCHEMA, naming.quoted(schema))


def _dump() -> str:
    settings_of = connection.settings_dict
    environment = {**os.environ, "PGPASSWORD": settings_of["PASSWORD"]}
    command = [
        "pg_dump", "--schema", SCHEMA, "--no-owner", "--no-privileges", "--no-comments", "--inserts",
        "--rows-per-insert=500", "--host", settings_of["HOST"], "--port", settings_of["PORT"],
        "--username", settings_of["USER"], settings_of["NAME"],
    ]  # fmt: skip
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"pg_dump: {done.stderr.strip()}")
    return "\n".join(line for line in done.stdout.splitlines() if line and not _SKIP.match(line))


def _drop() -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {naming.quoted(SCHEMA)} CASCADE")


def _scratch(schema: str) -> scope.Scope:
    return scope.Scope(id="template", slug="template", schema=schema, name="", state="provisioning", host="")


def labels(installed: Iterable[str]) -> set[str]:
    """The labels by which migrations name these apps."""
    names = set(installed)
    return {config.label for config in apps.get_app_configs() if config.name in names}


def _source(module: str) -> bytes:
    import importlib

    file = importlib.import_module(module).__file__
    return Path(file).read_bytes() if file else b""
