"""What is unsafe while schools work, one rule for each kind of operation.

Two things make an operation unsafe. It holds a lock while it reads or writes a whole table, so that every request of
the school waits. Or the version before, which serves until the last school is moved, no longer works afterwards.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.postgres import operations as postgres
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

from tenants.fleet.operations import DropColumn, DropTable

_RAW = {
    r"\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b": "changing a type rewrites the table under a lock",
    r"\bSET\s+NOT\s+NULL\b": "SET NOT NULL reads the whole table under a lock",
    r"\bRENAME\b": "the version before still asks for the old name",
    r"\bDROP\s+(TABLE|COLUMN)\b": "the version before may still name it; say DropColumn or DropTable",
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)": "building an index stops writes; say CONCURRENTLY",
    r"\bADD\s+(CONSTRAINT\s+\S+\s+)?(CHECK|FOREIGN\s+KEY)\b(?!.*\bNOT\s+VALID\b)": "the check reads the whole table",
    r"\bADD\s+(CONSTRAINT\s+\S+\s+)?(UNIQUE|PRIMARY\s+KEY)\s*\(": "building its index stops writes",
    r"(^|;)\s*(LOCK|TRUNCATE|VACUUM\s+FULL|CLUSTER|REINDEX\s+(?!.*CONCURRENTLY))\b": "it locks a whole table",
}
_SAME_FOR_ALL = (models.Value, Now)
_RENAMED = "the version before still asks for the old name; add the new one and remove the old one a version later"
_INDEX = "building an index stops writes; use AddIndexConcurrently in a migration with atomic = False"

Reading = tuple[str, ProjectState, set[str]]


def problems(migration: Migration, before: ProjectState) -> Iterator[tuple[str, str]]:
    """Each unsafe operation of a migration by its label, with what is wrong; `before` is not changed."""
    if migration.initial or (migration.initial is None and not _has_parent(migration)):
        return
    state = before.clone()
    new: set[str] = set()
    for number, operation in enumerate(migration.operations, start=1):
        for part, in_state, in_database in _parts(operation):
            if isinstance(part, operations.CreateModel):
                new.add(part.name_lower)
            if _table(part) not in new:
                for problem in _problems(part, migration.app_label, state, in_state, in_database):
                    yield label(part, number), problem
        operation.state_forwards(migration.app_label, state)
    yield from _mixed(migration, new)


def label(operation: Operation, number: int) -> str:
    """How SAFE_UNDER_LOAD names an operation: its kind and what it is about, else its place in the migration."""
    if isinstance(operation, DropColumn | DropTable):
        about = ".".join(filter(None, [operation.table, getattr(operation, "column", "")]))
    else:
        about = ".".join(filter(None, [_table(operation), _name(operation)]))
    return f"{type(operation).__name__} {about or number}"


def _has_parent(migration: Migration) -> bool:
    return any(app == migration.app_label for app, _name in migration.dependencies)


def _parts(operation: Operation) -> Iterator[tuple[Operation, bool, bool]]:
    """What an operation does, and whether to the models, the tables, or both."""
    if isinstance(operation, operations.SeparateDatabaseAndState):
        for part in operation.database_operations:
            yield part, False, True
        for part in operation.state_operations:
            yield part, True, False
    else:
        yield operation, True, True


def _table(operation: Operation) -> str:
    """The model that an operation is about, in small letters; nothing for one that names none."""
    for attribute in ("model_name", "name", "old_name"):
        if found := getattr(operation, attribute, None):
            return str(found).lower()
    return ""


def _name(operation: Operation) -> str:
    """What of its model an operation is about: a field, an index, a constraint."""
    if not hasattr(operation, "model_name"):
        return ""
    for attribute in ("name", "old_name", "index", "constraint"):
        if found := getattr(operation, attribute, None):
            return str(getattr(found, "name", found))
    return ""


def _problems(operation: Operation, app: str, state: ProjectState, in_state: bool, in_database: bool) -> Iterator[str]:
    if in_state and not in_database:
        if isinstance(operation, operations.RemoveField):
            yield from _taken_from_models(operation, app, state)
        return
    for kind, rule in _RULES:
        if isinstance(operation, kind):
            yield from rule(operation, app, state)
            return


def _add_field(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    field = operation.field
    if field.many_to_many:
        return
    if not field.null and not field.has_db_default() and not field.generated:
        yield "NOT NULL without a database default: the version before would write nothing there; give it db_default"
    if field.generated and getattr(field, "db_persist", False):
        yield "a stored generated column rewrites the table under a lock"
    if field.unique or field.db_index:
        yield f"it brings an index: add the column with db_index=False, then the index. {_INDEX.capitalize()}"
    if field.has_db_default() and not isinstance(field._db_default_expression, _SAME_FOR_ALL):
        yield "a default that is computed for each row rewrites the table under a lock"


def _alter_field(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    new, old = operation.field, state.models[app, operation.model_name_lower].fields[operation.name]
    if old.many_to_many or new.many_to_many:
        return
    if _refers(old) != _refers(new):
        yield "another reference: the constraint reads the whole table, and the type may rewrite it"
        return
    if _column(operation.name, old) != _column(operation.name, new):
        yield f"another column: {_RENAMED}"
    if not old.remote_field and not _same_rows(old, new):
        yield "changing a type rewrites the table under a lock; add a column and copy in batches"
    if not old.remote_field and _check(new) not in (None, _check(old)):
        yield "the check of the new type reads the whole table under a lock"
    if old.null and not new.null:
        yield "NOT NULL reads the whole table under a lock, and the version before may still write NULL"
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        yield _INDEX
    if getattr(old, "db_collation", None) != getattr(new, "db_collation", None):
        yield "another collation rewrites every index of the column under a lock"


def _remove_field(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    if state.models[app, operation.model_name_lower].fields[operation.name].many_to_many:
        yield "the version before still reads the table: take it from the models first, DropTable a version later"
    else:
        yield "the version before still names the column: take it from the models first, DropColumn a version later"


def _delete_model(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    yield "the version before still reads the table: take it from the models first, DropTable a version later"


def _taken_from_models(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    """A column that stays while no model names it must fill itself."""
    field = state.models[app, operation.model_name_lower].fields[operation.name]
    if not field.many_to_many and not field.null and not field.has_db_default():
        yield "no model would fill the column, and it is NOT NULL: give it null or db_default first"


def _renamed(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    yield _RENAMED


def _index(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    yield _INDEX


def _constraint(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    if isinstance(operation.constraint, models.UniqueConstraint | ExclusionConstraint):
        yield "building its index stops writes, and the version before may still write what it forbids"
    else:
        yield "it reads the whole table under a lock; use AddConstraintNotValid, then ValidateConstraint"


def _together(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    before = state.models[app, operation.name_lower].options.get(operation.option_name) or set()
    if {tuple(fields) for fields in operation.option_value or ()} - {tuple(fields) for fields in before}:
        yield "building its index stops writes"


def _ordered(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    yield "it adds a column that is NOT NULL without a database default"


def _raw(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    said = operation.sql if isinstance(operation.sql, str) else " ; ".join(map(str, operation.sql or ()))
    for pattern, problem in _RAW.items():
        if re.search(pattern, said, re.IGNORECASE | re.DOTALL):
            yield problem


def _dropped(operation: Any, app: str, state: ProjectState) -> Iterator[str]:
    """The second half of a removal may not come with the first, nor before it."""
    for model in state.models.values():
        table = str(model.options.get("db_table") or f"{model.app_label}_{model.name_lower}")
        if table == operation.table and isinstance(operation, DropTable):
            yield "a model still names the table"
        elif table == operation.table:
            columns = {_column(name, field) for name, field in model.fields.items()}
            if operation.column in columns:
                yield "a model still names the column"


def _mixed(migration: Migration, new: set[str]) -> Iterator[tuple[str, str]]:
    """Rows changed and tables changed in one transaction: the table is locked as long as the rows take."""
    parts = [part for operation in migration.operations for part, _s, in_database in _parts(operation) if in_database]
    data = [part for part in parts if isinstance(part, operations.RunPython)]
    shape = [part for part in parts if type(part) in _LOCKING and _table(part) not in new]
    if migration.atomic and data and shape:
        yield (
            label(data[0], parts.index(data[0]) + 1),
            "rows are changed while the lock of another operation is held: put them in a migration of their own",
        )


_RULES: tuple[tuple[Any, Callable[[Any, str, ProjectState], Iterator[str]]], ...] = (
    (postgres.AddIndexConcurrently, lambda *_: iter(())),
    (postgres.AddConstraintNotValid, lambda *_: iter(())),
    (operations.AddField, _add_field),
    (operations.AlterField, _alter_field),
    (operations.RemoveField, _remove_field),
    (operations.DeleteModel, _delete_model),
    ((operations.RenameField, operations.RenameModel, operations.AlterModelTable), _renamed),
    (operations.AddIndex, _index),
    (operations.AddConstraint, _constraint),
    ((operations.AlterUniqueTogether, operations.AlterIndexTogether), _together),
    (operations.AlterOrderWithRespectTo, _ordered),
    (operations.RunSQL, _raw),
    ((DropColumn, DropTable), _dropped),
)
_LOCKING = {
    operations.AddField, operations.AlterField, operations.RemoveField, operations.AddIndex, operations.AddConstraint,
    operations.RenameField, operations.RenameModel, operations.AlterModelTable, operations.AlterUniqueTogether,
}  # fmt: skip


def _column(name: str, field: Any) -> str:
    return str(field.db_column or (f"{name}_id" if field.remote_field else name))


def _refers(field: Any) -> str:
    return str(field.remote_field.model).lower() if field.remote_field else ""


def _check(field: Any) -> str | None:
    bound = field.clone()
    bound.set_attributes_from_name("value")
    found: str | None = bound.db_check(connection)
    return found


def _same_rows(old: Any, new: Any) -> bool:
    """Whether PostgreSQL keeps the rows as they lie: the same type, or a wider one of the same kind."""
    before, after = old.db_type(connection), new.db_type(connection)
    if before == after:
        return True
    kinds = [re.match(r"(varchar|numeric|text)(?:\((\d+)(?:, *(\d+))?\))?$", kind or "") for kind in (before, after)]
    if not kinds[0] or not kinds[1]:
        return False
    (was, size, scale), (becomes, new_size, new_scale) = kinds[0].groups(), kinds[1].groups()
    if becomes == "text":
        return bool(was in ("varchar", "text"))
    return bool(was == becomes and scale == new_scale and (new_size is None or int(size or 10**9) <= int(new_size)))
