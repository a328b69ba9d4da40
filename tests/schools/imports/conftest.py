"""A file on its way in: as the office does it, and straight to the engine."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from core import clock
from schools.imports import engine, matching, services
from schools.imports.models import Run
from tenants import context
from tests.cast import Cast

Bring = Callable[..., Run]


@pytest.fixture
def bring(cast: Cast, in_mwangaza: Any) -> Bring:
    """`bring("Adm,Name\\nA1,Ann\\n")`: received, matched by its heads and checked; `mapping=`, `options=`, `only=`."""

    def through(
        content: str | bytes,
        *,
        name: str = "roll.csv",
        mode: str = "insert",
        mapping: dict[str, str] | None = None,
        options: dict[str, dict[str, Any]] | None = None,
        only: tuple[str, str] | None = None,
        importer: str = "roll",
    ) -> Run:
        by, at = cast.mwangaza.registrar, clock.now()
        raw = content.encode() if isinstance(content, str) else content
        run = services.receive(
            importer=importer, file_name=name, content=raw, mode=mode, options=options or {}, by=by, at=at
        )
        chosen = {key: run.header.index(head) for key, head in mapping.items()} if mapping else matching.suggest(run)
        run = services.match(
            run=run,
            mapping=chosen,
            options=options or {},
            filter_column=run.header.index(only[0]) if only else None,
            filter_value=only[1] if only else "",
            by=by,
            at=at,
            in_background=False,
        )
        engine.check(run_id=str(run.pk), at=at)
        run.refresh_from_db()
        return run

    return through


@pytest.fixture
def import_(bring: Bring, cast: Cast) -> Bring:
    """The same, and brought in."""

    def through(content: str | bytes, **more: Any) -> Run:
        confirmed = more.pop("confirmed", None)
        run = bring(content, **more)
        services.start(run=run, confirmed=confirmed, by=cast.mwangaza.registrar, at=clock.now(), in_background=False)
        engine.carry_out(run_id=str(run.pk), at=clock.now())
        run.refresh_from_db()
        return run

    return through


@pytest.fixture
def run_jobs(cast: Cast) -> Callable[[], list[str]]:
    """`run_jobs()`: do what waits in the outbox, inside the test's own transaction; gives back the names."""
    from django.db import connection

    from schools.imports import undoing

    acts = {"imports.check": engine.check, "imports.carry_out": engine.carry_out, "imports.undo": undoing.undo}

    def run() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM public.core_job WHERE name LIKE 'imports.%%' RETURNING name, kwargs", [])
            waiting = cursor.fetchall()
        with context.in_school(cast.mwangaza.school):
            for name, kwargs in waiting:
                acts[name](
                    run_id=(kwargs if isinstance(kwargs, dict) else orjson.loads(kwargs))["run_id"], at=clock.now()
                )
        return [name for name, _kwargs in waiting]

    return run


@pytest.fixture
def undo(cast: Cast) -> Callable[[Run], Run]:
    """`undo(run)`: asked for and done."""
    from schools.imports import undoing

    def back(run: Run) -> Run:
        services.ask_undo(run=run, by=cast.mwangaza.registrar, at=clock.now(), in_background=False)
        undoing.undo(run_id=str(run.pk), at=clock.now())
        run.refresh_from_db()
        return run

    return back
