"""Rows into records: the check that leaves nothing behind, and the import in batches that commit with their progress.

The check runs the same code against the same database, in a transaction that is rolled back. The import takes up where
the last committed batch ended, so that a worker that is killed loses nothing and doubles nothing.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit import recording as audit
from core import cache, jobs
from core.errors import DomainError
from schools.bulk.ledger import Ledger
from schools.imports import registry, rows
from schools.imports.batch import Batch, Row
from schools.imports.choices import Mode, State
from schools.imports.models import Problem, Run

log = logging.getLogger("shule.imports")
BATCH = 200
MOST_SECONDS = 45.0
MOST_PROBLEMS = 20_000
NAMED = 50
COUNTED = ("create", "update", "skip", "ended", "wrong")


class _NothingStays(Exception):
    """Ends the check's transaction."""


@dataclass(slots=True)
class _Work:
    """One pass over a run's rows."""

    run: Run
    importer: registry.Importer
    ledger: Ledger
    at: datetime
    memory: dict[str, Any] = field(default_factory=dict)

    def batch(self, some: list[Row]) -> Batch:
        """Rows as the parts get them."""
        return Batch(some, self.run, set(self.run.mapping), self.ledger, self.memory, self.run.asked_by, self.at)


def check(*, run_id: str, at: datetime) -> None:
    """Try every row and keep what is wrong with them, and nothing else."""
    run = Run.objects.select_related("asked_by").get(pk=run_id)
    if run.state != State.CHECKING:
        return
    with _language_of(run):
        try:
            every, ended = _try_all(run, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # whatever a domain's part raises ends this run visibly, and is raised again
            _stop(run, error, at=at)
            raise
        with transaction.atomic():
            run = Run.objects.lock(run.pk)
            if run.state != State.CHECKING:
                return
            run.problems.all().delete()
            _write_problems(run, every)
            run.counts = _counted(every)
            run.counts["filtered"] = run.rows_total - len(every)
            _note_ended(run, ended)
            run.state, run.checked_at, run.reason, run.position = State.CHECKED, at, "", 0
            run.save()
            _renew_rooms(run)


def carry_out(*, run_id: str, at: datetime, seconds: float = MOST_SECONDS) -> None:
    """Import batch by batch from where the run stands; after `seconds` the rest is asked for as another job."""
    run = Run.objects.select_related("asked_by").get(pk=run_id)
    if run.state != State.IMPORTING:
        return
    started = time.monotonic()
    with _language_of(run):
        try:
            every = rows.values(run)
            work = _Work(run, registry.get(run.importer), Ledger(run.changes, keep=True), at)
            _survey(work, every)
            while _one_batch(work, every):
                if time.monotonic() - started > seconds:
                    with transaction.atomic():
                        jobs.later("imports.carry_out", run_id=str(run.pk))
                    return
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # as above: the batches before stay, and can be undone
            _stop(run, error, at=at)
            raise


def progress(run: Run) -> tuple[int, int]:
    """How many rows are through, and of how many."""
    total = run.count("rows") if run.state == State.IMPORTING else run.rows_total
    done = run.position if run.state == State.IMPORTING else int(cache.get(_progress_key(run.pk), 0) or 0)
    return min(done, total), total


def _try_all(run: Run, at: datetime) -> tuple[list[Row], "_Ended | None"]:
    work = _Work(run, registry.get(run.importer), Ledger(run.changes, keep=False), at)
    every = rows.values(run)
    tried: list[Row] = []
    ended: _Ended | None = None
    try:
        with transaction.atomic():
            _survey(work, every)
            for some in _in_batches(every):
                tried += _process(work, some)
                cache.set(_progress_key(run.pk), len(tried), 600)
            ended = _end_absent(work, tried)
            raise _NothingStays
    except _NothingStays:
        return tried, ended


@transaction.atomic
def _one_batch(work: _Work, every: Sequence[Row]) -> bool:
    """Write one batch, its progress and what it changed together; False when the run is at its end."""
    run = Run.objects.lock(work.run.pk)
    if run.state != State.IMPORTING:
        return False
    run.asked_by, work.run = work.run.asked_by, run
    some = list(every[run.position : run.position + BATCH])
    if some:
        done = _process(work, some)
        _write_problems(run, done)
        now = Counter(_counted(done))
        now["rows"] = 0
        run.counts = {**run.counts, **{name: run.count(name) + number for name, number in now.items()}}
        run.position += len(some)
        _renew_rooms(run)
    if run.position >= len(every):
        _note_ended(run, _end_absent(work, every))
        run.state, run.finished_at = State.DONE, work.at
        said = {
            "file": run.file_name,
            **{name: run.count(name) for name in ("create", "update", "skip", "ended", "wrong")},
        }
        audit.record("import.finished", on=run, by=run.asked_by, at=work.at, changes=said)
    run.save()
    return run.state == State.IMPORTING


@dataclass(slots=True)
class _Ended:
    """What a file that the list is made like did to records that it does not name."""

    standing: int
    names: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def _end_absent(work: _Work, every: Sequence[Row]) -> _Ended | None:
    """End the records that no row names, each by itself; one that a domain refuses to end stays and is told."""
    absent = work.importer.absent
    if work.run.mode != Mode.SYNC or absent is None:
        return None
    batch = work.batch(list(every))
    found = _Ended(work.memory["standing"])
    for record in absent.missing(every, batch):
        try:
            with transaction.atomic():
                absent.end(record, batch)
                connection.check_constraints()
                work.ledger.settle()
            found.names.append(str(record)[:120])
        except DomainError as error:
            work.ledger.forget()
            found.refused.append((str(record)[:200], error.message))
    return found


def _note_ended(run: Run, ended: _Ended | None) -> None:
    if ended is None:
        return
    run.counts = {**run.counts, "standing": ended.standing, "ended": len(ended.names), "named": ended.names[:NAMED]}
    Problem.objects.bulk_create(
        Problem(run=run, row=0, value=name, message=message[:500]) for name, message in ended.refused
    )


def _process(work: _Work, some: Sequence[Row]) -> list[Row]:
    """Prepare and write some rows together; when the database or a domain refuses, one by one to find which."""
    whole = [row.fresh() for row in some]
    try:
        with transaction.atomic():
            _once(work, whole)
        return whole
    except (IntegrityError, DataError, DomainError):
        work.ledger.forget()
    single: list[Row] = []
    for row in some:
        one = row.fresh()
        try:
            with transaction.atomic():
                _once(work, [one])
        except DomainError as error:
            work.ledger.forget()
            one = row.fresh()
            for message in [m for messages in error.errors.values() for m in messages] or [error.message]:
                one.refuse("", message)
        except (IntegrityError, DataError) as error:
            work.ledger.forget()
            one = row.fresh()
            one.refuse("", _words_of(error))
        single.append(one)
    return single


def _once(work: _Work, some: list[Row]) -> None:
    batch = work.batch(some)
    parts = work.importer.in_order()
    for part in parts:
        part.prepare(batch)
    for part in parts:
        part.write(batch)
    connection.check_constraints()
    work.ledger.settle()


def _survey(work: _Work, every: list[Row]) -> None:
    batch = work.batch(every)
    for part in work.importer.in_order():
        if part.survey is not None:
            part.survey(every, batch)
    if work.run.mode == Mode.SYNC and work.importer.absent is not None:
        work.memory["standing"] = work.importer.absent.standing(batch)  # before the rows add to it


def _words_of(error: Exception) -> str:
    """The constraint's own sentence, where it has one."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if name and constraint.name == name:
                return str(constraint.get_violation_error_message())
    return _("The row breaks a rule of the school's records (%(name)s).") % {"name": name or type(error).__name__}


def _counted(some: Sequence[Row]) -> dict[str, int]:
    found = Counter(str(row.outcome) for row in some if row.outcome is not None and not row.problems)
    wrong = sum(1 for row in some if row.problems)
    return {"rows": len(some), "wrong": wrong, **{name: found[name] for name in ("create", "update", "skip")}}


def _write_problems(run: Run, some: Sequence[Row]) -> None:
    left = MOST_PROBLEMS - run.problems.count()
    Problem.objects.bulk_create(
        (
            Problem(
                run=run,
                row=row.number,
                column=run.header[run.mapping[key]][:200] if key in run.mapping else "",
                value=row.typed.get(key, "")[:200],
                message=message[:500],
            )
            for row, key, message in islice(
                ((row, key, message) for row in some for key, message in row.problems), max(left, 0)
            )
        ),
        batch_size=1000,
    )


def _in_batches(every: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for first in range(0, len(every), BATCH):
        yield every[first : first + BATCH]


@transaction.atomic
def _stop(run: Run, error: Exception, *, at: datetime) -> None:
    log.error("import stopped", extra={"run": str(run.pk), "error": f"{type(error).__name__}: {error}"[:500]})
    run = Run.objects.lock(run.pk)
    run.state = State.FAILED if run.position or run.state == State.IMPORTING else State.READ
    run.reason = _("The import stopped at a fault of the program. What came in before it stays until it is undone.")
    if run.state == State.READ:
        run.reason = _("The check stopped at a fault of the program. Nothing was changed.")
    run.finished_at = at if run.state == State.FAILED else None
    run.save()


def _renew_rooms(run: Run) -> None:
    """Writes that were rolled back left the cache distrusting these rooms; the coming commit makes it trust again."""
    for part in registry.get(run.importer).in_order():
        cache.bump(part.key)


def _language_of(run: Run) -> Any:
    """Sentences in the language of whoever asked."""
    return translation.override(run.asked_by.language if run.asked_by is not None else translation.get_language())


def _progress_key(run_id: UUID) -> str:
    return f"imports:checked:{run_id}"
