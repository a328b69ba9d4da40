"""The rows of a run: kept beside it as text, read back as values."""

from collections.abc import Iterator

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from core import ids, scope, storage
from schools.imports import registry
from schools.imports.batch import Row, Wrong
from schools.imports.models import Run
from schools.imports.reading.table import Line, Table


def keep(table: Table) -> str:
    """Store a table's rows; gives back the key to read them by."""
    packed = orjson.dumps([[line.number, line.cells, line.formulas] for line in table.lines])
    return storage.save(f"imports/{ids.uuid7().hex}.json", packed)


def lines(run: Run) -> list[Line]:
    """The stored rows of a run, in the file's order."""
    return [Line(*packed) for packed in orjson.loads(storage.read(run.rows_key))]


def values(run: Run) -> list[Row]:
    """The rows that the run's filter lets through, each cell parsed by the field it is matched with."""
    return list(_parsed(run))


def _parsed(run: Run) -> Iterator[Row]:
    fields = registry.get(run.importer).fields(run.options)
    mapped = [(key, fields[key], int(place)) for key, place in run.mapping.items() if key in fields]
    wanted = run.filter_value.strip().casefold()
    for index, line in enumerate(lines(run), 1):
        if run.filter_column is not None and line.cells[run.filter_column].strip().casefold() != wanted:
            continue
        row = Row(line.number, index, dict(zip(run.header, line.cells, strict=True)), {}, {})
        for key, field, place in mapped:
            typed = row.typed[key] = line.cells[place].strip()
            if not typed:
                continue
            if place in line.formulas:
                row.misread.append((key, _("This cell holds a formula. Put its value in its place.")))
                continue
            try:
                row.values[key] = field.parse(typed)
            except Wrong as error:
                row.misread.append((key, str(error)))
        row.problems = list(row.misread)
        yield row


def drop(run: Run) -> None:
    """Forget the stored rows once the caller's transaction has committed."""
    key, held = run.rows_key, scope.current()

    def away() -> None:
        if scope.current_or_none() == held:
            storage.delete(key)

    transaction.on_commit(away)
