"""What goes away: a column or a table that the version before has stopped naming, an index that nobody misses.

The first half of a removal takes it out of the models only, with
`SeparateDatabaseAndState(state_operations=[RemoveField(…)])`. An index goes together with the change of state that
no longer asks for it.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class _Drop(Operation):
    """Changes no state: another operation does, or did a version ago."""

    reduces_to_sql = True
    reversible = False

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: no model names it by now."""


class DropColumn(_Drop):
    """Drop a column that no model names any more."""

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        """Drop it, with the indexes and constraints that hang on it."""
        quote = schema_editor.quote_name
        schema_editor.execute(f"ALTER TABLE {quote(self.table)} DROP COLUMN IF EXISTS {quote(self.column)} CASCADE")

    def describe(self) -> str:
        """What the migration's log says."""
        return f"Drop column {self.column} of {self.table}"


class DropIndex(_Drop):
    """Drop an index that no model asks for any more, where it still stands; no version names one."""

    def __init__(self, index: str) -> None:
        self.index = index

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        """Drop it; its table is held for that moment alone."""
        schema_editor.execute(f"DROP INDEX IF EXISTS {schema_editor.quote_name(self.index)}")

    def describe(self) -> str:
        """What the migration's log says."""
        return f"Drop index {self.index}"


class DropTable(_Drop):
    """Drop a table that no model names any more."""

    def __init__(self, table: str) -> None:
        self.table = table

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        """Drop it, with the constraints that refer to it."""
        schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(self.table)} CASCADE")

    def describe(self) -> str:
        """What the migration's log says."""
        return f"Drop table {self.table}"
