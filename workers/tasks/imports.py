"""Tasks of imports."""

from typing import Any

from core import clock
from schools.imports import engine, undoing
from workers.base import school_task
from workers.queues import BULK


@school_task("imports.check", queue=BULK)
def check(*, run_id: str, **_: Any) -> None:
    """Try every row of a file and leave nothing but what is wrong with them."""
    engine.check(run_id=run_id, at=clock.now())


@school_task("imports.carry_out", queue=BULK)
def carry_out(*, run_id: str, **_: Any) -> None:
    """Import a file's rows from where the run stands."""
    engine.carry_out(run_id=run_id, at=clock.now())


@school_task("imports.undo", queue=BULK)
def undo(*, run_id: str, **_: Any) -> None:
    """Take an import back."""
    undoing.undo(run_id=run_id, at=clock.now())
