"""The full road: Django's own executor with the real state of each school, for whatever a migration does.

Two things are held besides, for a process may be killed anywhere: an atomic migration and its record are one
transaction, and what a concurrent index has left half built is removed before it is built again.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from core import scope
from tenants import naming, template
from tenants.fleet import head


class Executor(MigrationExecutor):
    """Applies a migration wholly or not at all."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        """As Django does, together with its record where the migration is atomic."""
        if migration.atomic:
            with transaction.atomic():
                return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        clear_half_built(migration)
        return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)


def run() -> None:
    """Bring the current school to the head."""
    executor = Executor(connection)
    executor.migrate(head.targets(executor.loader))
    template.tell_apps()


def clear_half_built(migration: Migration) -> None:
    """Drop the indexes that an attempt at this migration may have left behind: it is not recorded, so they are its."""
    schema = naming.quoted(scope.current_school().schema)
    for operation in migration.operations:
        if isinstance(operation, AddIndexConcurrently):
            name = connection.ops.quote_name(operation.index.name)
            with connection.cursor() as cursor:
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema}.{name}")
