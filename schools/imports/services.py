"""What people do with an import: bring a file, match its columns, start it, take it back, throw it away."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import jobs, text
from core.errors import Conflict, DomainError
from identity.models import User
from schools.imports import limits, matching, reading, registry, rows
from schools.imports.choices import CHANGEABLE, Mode, State
from schools.imports.models import Run


@transaction.atomic
def receive(
    *,
    importer: str,
    file_name: str,
    content: bytes,
    mode: str,
    options: Mapping[str, Mapping[str, Any]],
    by: User | None,
    at: datetime,
) -> Run:
    """Read a file and keep its rows; raises Unreadable with the reason when it cannot be read."""
    registry.get(importer)
    name = text.squash("".join(c for c in PurePath(file_name).name if c.isprintable()))[-200:] or "file"
    table = reading.read(name, content)
    if mode not in registry.get(importer).modes():
        raise _wrong("mode", _("Choose what to do with the rows."))
    run = Run.objects.create(
        importer=importer,
        file_name=name,
        source=table.source,
        rows_key=rows.keep(table),
        header=table.header,
        rows_total=len(table.lines),
        mode=mode,
        options={key: dict(chosen) for key, chosen in options.items()},
        asked_by=by,
    )
    audit.record("import.received", on=run, by=by, at=at, changes={"rows": run.rows_total, "file": name})
    return run


@transaction.atomic
def match(
    *,
    run: Run,
    mapping: Mapping[str, int],
    options: Mapping[str, Mapping[str, Any]],
    filter_column: int | None,
    filter_value: str,
    by: User | None,
    at: datetime,
    in_background: bool = True,
) -> Run:
    """Say which column is which, remember it for the same head, and have the rows checked."""
    run = Run.objects.lock(run.pk)
    if run.state not in CHANGEABLE:
        raise Conflict(_("This import is under way. Its columns cannot be changed any more."))
    run.options = {**run.options, **{key: dict(chosen) for key, chosen in options.items()}}
    kind = registry.get(run.importer)
    fields = kind.fields(run.options)
    unknown = [key for key, place in mapping.items() if key not in fields or not 0 <= place < len(run.header)]
    if unknown:
        raise _wrong("columns", _("A column was matched with something that is not there any more. Match it again."))
    if filter_column is not None and not 0 <= filter_column < len(run.header):
        raise _wrong("filter_column", _("Choose a column of the file."))
    if filter_column is not None and run.mode == Mode.SYNC:
        raise _wrong("filter_column", _("The list is made like the whole file. Take the filter away, or the mode."))
    if filter_column is not None and not filter_value.strip():
        raise _wrong("filter_value", _("Say which value the column must have."))
    missing = kind.needs(set(mapping), run.options)
    if missing:
        raise DomainError(missing[0], errors={"columns": missing})
    run.mapping, run.filter_column = dict(mapping), filter_column
    run.filter_value = filter_value.strip()[:200] if filter_column is not None else ""
    run.state, run.position, run.counts, run.reason, run.asked_by = State.CHECKING, 0, {}, "", by or run.asked_by
    run.save()
    matching.remember(run)
    audit.record("import.matched", on=run, by=by, at=at, changes={"columns": len(mapping), "mode": run.mode})
    if in_background:
        jobs.later("imports.check", run_id=str(run.pk))
    return run


@transaction.atomic
def start(*, run: Run, by: User | None, at: datetime, confirmed: int | None = None, in_background: bool = True) -> Run:
    """Import the rows that the check let through.

    A file that the list is made like has no wrong row, for whoever stands in one would be taken for missing; and when
    it ends more of the list than the school's limit, `confirmed` must be their number.
    """
    run = Run.objects.lock(run.pk)
    if run.state != State.CHECKED:
        raise Conflict(_("Check the rows first."))
    if not run.count("create") + run.count("update") + run.count("ended"):
        raise Conflict(_("No row of this file would change anything."))
    if run.mode == Mode.SYNC and run.count("wrong"):
        raise Conflict(_("Correct every row first: who stands in a wrong row would be taken for missing."))
    if limits.exceeded(run) and confirmed != run.count("ended"):
        raise _wrong("confirmed", _("Type the number of those who would be ended: %(n)s.") % {"n": run.count("ended")})
    run.state, run.position, run.started_at, run.asked_by = State.IMPORTING, 0, at, by or run.asked_by
    run.counts = {"rows": run.count("rows"), "filtered": run.count("filtered")}
    run.save()
    run.problems.all().delete()
    audit.record("import.started", on=run, by=by, at=at, changes={"rows": run.count("rows"), "file": run.file_name})
    if in_background:
        jobs.later("imports.carry_out", run_id=str(run.pk))
    return run


@transaction.atomic
def go_on(*, run: Run, by: User | None, at: datetime) -> Run:
    """Ask again for a run that stopped or that nobody works on."""
    run = Run.objects.lock(run.pk)
    if run.state == State.FAILED:
        run.state, run.reason, run.finished_at = State.IMPORTING, "", None
    elif not run.is_stalled(at):
        raise Conflict(_("This import does not wait for anybody."))
    run.save()
    audit.record("import.continued", on=run, by=by, at=at, changes={"from": run.position})
    names = {
        State.CHECKING: "imports.check",
        State.IMPORTING: "imports.carry_out",
        State.UNDOING: "imports.undo",
    }
    jobs.later(names[State(run.state)], run_id=str(run.pk))
    return run


@transaction.atomic
def ask_undo(*, run: Run, by: User | None, at: datetime, in_background: bool = True) -> Run:
    """Take a finished run back, within its days."""
    run = Run.objects.lock(run.pk)
    if run.state not in (State.DONE, State.FAILED):
        raise Conflict(_("Only an import that is done can be undone."))
    if not run.can_undo(at):
        raise Conflict(_("The time to undo this import is over."))
    run.state, run.undone_by, run.reason = State.UNDOING, by, ""
    run.save()
    audit.record("import.undo_asked", on=run, by=by, at=at, changes={"file": run.file_name})
    if in_background:
        jobs.later("imports.undo", run_id=str(run.pk))
    return run


@transaction.atomic
def discard(*, run: Run, by: User | None, at: datetime) -> None:
    """Throw away a file that was not imported."""
    run = Run.objects.lock(run.pk)
    if run.state not in CHANGEABLE:
        raise Conflict(_("This import is under way and stays in the list."))
    audit.record("import.discarded", on=run, by=by, at=at, changes={"file": run.file_name})
    rows.drop(run)
    run.delete()


def _wrong(name: str, message: str) -> DomainError:
    return DomainError(message, errors={name: [message]})
