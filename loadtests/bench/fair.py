"""make bench-fair: what a school's two thousand jobs cost another school's single one, on four slots of a worker."""

import os
import statistics
import subprocess
import sys
import time
from typing import Any

from loadtests.bench.figures import PAGE, Figure, keep, section

MANY, SLOTS, SECONDS, EVERY = 2000, 4, 0.1, 1.5
TITLE = "A school's 2,000 jobs and another's single one"
SCHOOLS = ("many", "single")


def main() -> int:
    """Measure, print, and keep it in docs/performance.md; 1 when the promise is missed."""
    _set_up()
    many, single = (_school(slug) for slug in SCHOOLS)
    with _worker() as worker:
        try:
            _until_it_works(single)
            figures = _measure(many, single)
        finally:
            worker.terminate()
            worker.wait(30)
    table = section(TITLE, "make bench-fair", figures)
    print(table)
    keep(PAGE, TITLE, table)
    return 0 if all(figure.kept for figure in figures) else 1


def _set_up() -> None:
    sys.path.insert(1, "platform")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from config import wiring

    wiring.tasks()
    print("Tables ...", flush=True)
    call_command("migrate_shared", verbosity=0)
    from loadtests.bench import naps  # noqa: F401 (declares the task)


def _school(slug: str) -> Any:
    from core import clock
    from tenants import provisioning

    school = provisioning.request(
        slug=slug, name=slug.title(), head_name="", head_email="", by=None, at=clock.now(), in_background=False
    )
    return provisioning.provision(str(school.pk), at=clock.now())


def _worker() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "celery", "-A", "workers.app", "worker", "-I", "loadtests.bench.naps"]
    command += ["-Q", "bulk", "-c", str(SLOTS), "-n", "bench@here", "--without-gossip", "--without-mingle"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _until_it_works(school: Any) -> None:
    _ask(school, 1)
    while not _rows("SELECT 1 FROM public.core_job WHERE school_id = %s AND state = 'done'", school.pk):
        time.sleep(0.1)
    _rows("DELETE FROM public.core_job WHERE school_id = %s RETURNING 1", school.pk)


def _measure(many: Any, single: Any) -> list[Figure]:
    print(f"{MANY:,} jobs of {SECONDS * 1000:.0f} ms ...", flush=True)
    began = time.monotonic()
    _ask(many, MANY)
    asked = 0
    while _rows("SELECT 1 FROM public.core_job WHERE school_id = %s AND state <> 'done' LIMIT 1", many.pk):
        _ask(single, 1)
        asked += 1
        time.sleep(EVERY)
    seconds = time.monotonic() - began
    found = _rows(
        "SELECT extract(epoch FROM started_at - run_after), attempts FROM public.core_job"
        " WHERE school_id = %s AND name = 'bench.nap' AND started_at IS NOT NULL",
        single.pk,
    )
    delays = sorted(float(delay) for delay, _attempts in found)
    return [
        Figure("jobs of 100 ms that one school queues, on four slots", MANY, None, ""),
        Figure("single jobs of another school meanwhile", asked, None, ""),
        Figure("their delay, median", statistics.median(delays), 1.0, "s"),
        Figure("their delay, p95", delays[int(len(delays) * 0.95)], None, "s"),
        Figure("their delay, longest", delays[-1], None, "s"),
        Figure("all done after, in times of what four slots need for the naps alone",
               seconds / (MANY * SECONDS / SLOTS), None, "×"),
    ]  # fmt: skip


def _ask(school: Any, number: int) -> None:
    from django.db import transaction

    from core import jobs
    from loadtests.bench.naps import NAP
    from tenants import context

    with context.in_school(school), transaction.atomic():
        for _ in range(number):
            jobs.later(NAP, seconds=SECONDS)


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


if __name__ == "__main__":
    sys.exit(main())
