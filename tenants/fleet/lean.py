"""The lean road: the states of a migration are built once for all schools that stand at the same place.

Building the state of every model costs a second and the change itself milliseconds. Where operations only describe
tables, nothing in a school can change what they do, so their states are shared. Whatever looks into rows goes the full
road.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.postgres import operations as postgres
from django.db import connection, transaction
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from tenants import template
from tenants.fleet import full, head
from tenants.fleet.operations import DropColumn, DropIndex, DropTable

ALLOWED: frozenset[type[Operation]] = frozenset(
    {
        operations.CreateModel, operations.DeleteModel, operations.AlterModelOptions, operations.AlterModelManagers,
        operations.AlterModelTableComment, operations.AddField, operations.AlterField, operations.RemoveField,
        operations.AddIndex, operations.RemoveIndex, operations.AddConstraint, operations.RemoveConstraint,
        operations.AlterUniqueTogether, postgres.AddIndexConcurrently, postgres.RemoveIndexConcurrently,
        postgres.AddConstraintNotValid, postgres.ValidateConstraint, DropColumn, DropIndex, DropTable,
    }
)  # fmt: skip
Move = tuple[Operation, ProjectState, ProjectState]


@dataclass(frozen=True, slots=True)
class Road:
    """What a school at one place still needs, with the state before and after each operation."""

    steps: tuple[tuple[Migration, tuple[Move, ...]], ...]

    def run(self) -> None:
        """Bring the current school to the end of this road."""
        for migration, moves in self.steps:
            if migration.atomic:
                with transaction.atomic():
                    _apply(migration, moves)
            else:
                full.clear_half_built(migration)
                _apply(migration, moves)
        template.tell_apps()


class Roads:
    """The roads of one process, built when the first school of their kind comes."""

    def __init__(self) -> None:
        self._built: dict[frozenset[head.Key], Road | None] = {}

    def of(self, applied: frozenset[head.Key]) -> Road | None:
        """The lean road from here, or None where the full one must be taken; call inside such a school."""
        if applied not in self._built:
            executor = MigrationExecutor(connection)
            pending = [migration for migration, _back in executor.migration_plan(head.targets(executor.loader))]
            lean = not executor.loader.replacements and not any(refusals(pending))
            self._built[applied] = _build(executor.loader, pending) if lean else None
        return self._built[applied]


def refusals(pending: Sequence[Migration]) -> Iterator[str]:
    """The operations of these migrations that need the full road."""
    for migration in pending:
        for operation in migration.operations:
            if any(type(part) not in ALLOWED for part in _parts(operation)):
                yield f"{migration.app_label}.{migration.name}: {type(operation).__name__}"


def _parts(operation: Operation) -> Sequence[Operation]:
    if type(operation) is operations.SeparateDatabaseAndState:
        return operation.database_operations
    return [operation]


def _build(loader: MigrationLoader, pending: Sequence[Migration]) -> Road:
    state = loader.project_state([key for key in loader.applied_migrations if key in loader.graph.nodes])
    state.apps  # noqa: B018 - rendered once; every state below is a copy of it
    steps = []
    for migration in pending:
        moves: list[Move] = []
        for operation in migration.operations:
            before = state
            for part in _parts(operation):
                after = _after(part, migration, before)
                moves.append((part, before, after))
                before = after
            state = _after(operation, migration, state)
        steps.append((migration, tuple(moves)))
    return Road(tuple(steps))


def _after(operation: Operation, migration: Migration, state: ProjectState) -> ProjectState:
    changed = state.clone()
    operation.state_forwards(migration.app_label, changed)
    return changed


def _apply(migration: Migration, moves: Sequence[Move]) -> None:
    with connection.schema_editor(atomic=migration.atomic) as editor:
        for operation, before, after in moves:
            operation.database_forwards(migration.app_label, editor, before, after)
    MigrationRecorder(connection).record_applied(migration.app_label, migration.name)
