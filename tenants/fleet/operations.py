"""The second half of a removal: the version before has stopped naming a column or a table, and now it goes.

The first half takes it out of the models only, with `SeparateDatabaseAndState(state_operations=[RemoveField(…)])`.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class _Drop(Operation):
    """Changes no state: that was done a version ago."""

    reduces_to_sql = True
    reversible = False

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: no model has named it since the version before."""


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
