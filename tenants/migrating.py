"""Django's executor, which does not build every model anew for migrations that change only words."""

from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AlterField
from django.db.models import Field


class Executor(MigrationExecutor):
    """Notes a migration whose every operation leaves the database as it is, and goes on from the state behind it.

    Django renders the models of its state again for each field that such a migration alters: for the labels of a
    library with sixty fields that takes longer than all of a school's tables.
    """

    def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        """Run a migration forwards."""
        if fake or not changes_words_only(state, migration):
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        state.__dict__.pop("apps", None)
        state = migration.mutate_state(state, preserve=False)
        self.record_migration(migration)  # type: ignore[call-arg]  # the stubs are of an earlier Django
        return state


def changes_words_only(state: Any, migration: Any) -> bool:
    """Whether a migration only alters fields, and of those only what the database does not know."""
    return bool(migration.operations) and all(
        isinstance(operation, AlterField) and _is_the_same(_before(state, migration, operation), operation.field)
        for operation in migration.operations
    )


def _before(state: Any, migration: Any, operation: Any) -> "Field[Any, Any]":
    found: Field[Any, Any] = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
    return found


def _is_the_same(old: "Field[Any, Any]", new: "Field[Any, Any]") -> bool:
    return not (old.many_to_many or new.many_to_many) and _of_the_database(old) == _of_the_database(new)


def _of_the_database(field: "Field[Any, Any]") -> tuple[Any, ...]:
    """A field without its words. Source of the list: Django's own, by which it spares the database an ALTER."""
    _name, path, positional, named = field.deconstruct()
    words = set(field.non_db_attrs) - {"db_column"}
    return path, positional, {name: value for name, value in named.items() if name not in words}
