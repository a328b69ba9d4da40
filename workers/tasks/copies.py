"""Tasks about copies of schools: made, restored, tried, removed when their time is over."""

from typing import Any

from core import clock, scope
from tenants import keeping_house, lifecycle, restoring
from tenants.archive import making
from workers.base import public_task, school_task
from workers.queues import BULK


@public_task("tenants.make_copy", queue=BULK)
def make_copy(*, copy_id: str, **_: Any) -> None:
    """Make a copy that somebody asked for; a suspended school's too."""
    making.make(copy_id, at=clock.now())


@school_task("tenants.back_up", queue=BULK)
def back_up(**_: Any) -> None:
    """Make the day's archive of the school."""
    making.back_up(school_id=scope.current_school().id, at=clock.now())


@public_task("tenants.load_beside", queue=BULK)
def load_beside(*, restoration_id: str, **_: Any) -> None:
    """Load a school's earlier self beside it and find what is otherwise."""
    restoring.load(restoration_id, at=clock.now())


@public_task("tenants.forget_school", queue=BULK)
def forget_school(*, school_id: str, **_: Any) -> None:
    """Drop what is remembered of a school whose tables were exchanged."""
    restoring.forget(school_id=school_id)


@public_task("tenants.put_away", queue=BULK)
def put_away(*, school_id: str, by: str = "", **_: Any) -> None:
    """Archive a closed school."""
    lifecycle.put_away(school_id=school_id, by=by, at=clock.now())


@public_task("tenants.bring_back", queue=BULK)
def bring_back(*, school_id: str, **_: Any) -> None:
    """Open an archived school again."""
    lifecycle.bring_back(school_id=school_id, at=clock.now())


@public_task("tenants.keep_house", queue=BULK)
def keep_house(**_: Any) -> None:
    """Erase, drop and expire what is due."""
    keeping_house.hourly(at=clock.now())


@public_task("tenants.drill", queue=BULK)
def drill(**_: Any) -> None:
    """Prove that a school comes back out of its newest archive."""
    restoring.drill(at=clock.now())
