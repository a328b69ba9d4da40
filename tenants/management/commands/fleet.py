"""Bring every school to this version, and say where each stands."""

import json
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core import clock
from tenants import context, template
from tenants.fleet import claim, control, head, lean, lint, plan, progress, report, status, work
from tenants.fleet.status import Place
from tenants.models import School, Wave

ENDED = {
    claim.End.PAUSED: "Paused: go on with manage.py fleet resume, then migrate.",
    claim.End.STOPPED: "Stopped: too many failed. See manage.py fleet status; then fleet retry, and migrate.",
    claim.End.HELD: "Held: a canary failed. See manage.py fleet status; then fleet retry, or migrate --past-canaries.",
}


class Command(BaseCommand):
    """`manage.py fleet migrate|status|plan|pause|resume|retry|canary|lint`"""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb each, with what it needs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        migrate = verbs.add_parser("migrate", help="bring every school that is behind to this version")
        migrate.add_argument("--workers", type=int, default=work.processors(), help="processes; as many as cores")
        migrate.add_argument("--stop-after", type=int, default=10, help="stop when more than so many failed")
        migrate.add_argument("--canary", action="append", default=[], metavar="SLUG", help="go first, with the flagged")
        migrate.add_argument("--past-canaries", action="store_true", help="go on though a canary failed")
        migrate.add_argument("--report", type=Path, help="write what was done, as JSON")
        where = verbs.add_parser("status", help="where every school stands")
        where.add_argument("--json", action="store_true")
        where.add_argument("--check", action="store_true", help="exit status 1 unless every school is at head")
        ahead = verbs.add_parser("plan", help="what migrate would do, and to whom in which wave")
        ahead.add_argument("--canary", action="append", default=[], metavar="SLUG")
        verbs.add_parser("pause", help="take no further school, on any machine")
        verbs.add_parser("resume", help="let migrate go on")
        retry = verbs.add_parser("retry", help="have schools that failed wait again, all or these")
        retry.add_argument("slug", nargs="*")
        canary = verbs.add_parser("canary", help="have a school get new versions first")
        canary.add_argument("slug")
        canary.add_argument("--off", action="store_true", help="with the others again")
        verbs.add_parser("lint", help="refuse migrations that are unsafe while schools work")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; a refusal is one line and exit status 1."""
        getattr(self, f"_{options['verb']}")(options)

    def _migrate(self, options: dict[str, Any]) -> None:
        began, wanted = clock.now(), head.current()
        self._check_shared()
        ended, before = claim.End.DONE, set[Any]()
        with _asked_to_stop() as stop:
            while True:
                standings = status.read(wanted)
                behind = {s.school_id for s in standings if s.place == Place.BEHIND}
                if not behind or behind == before or stop() or ended != claim.End.DONE:
                    break
                before = behind
                waiting = plan.lay(
                    standings,
                    wanted,
                    canaries=self._canaries(options),
                    stop_after=options["stop_after"],
                    past_canaries=options["past_canaries"],
                )
                self.stdout.write(f"{waiting:,} of {len(standings):,} schools are behind {wanted.digest[:12]}.")
                ended = self._work(wanted, options["workers"], stop)
        if options["report"]:
            content = report.of(standings, wanted, ended=ended.value, began=began, at=clock.now())
            report.write(options["report"], content)
        self._say_how_it_ended(standings, ended, options["stop_after"])

    def _work(self, wanted: head.Head, workers: int, stop: work.Asked) -> claim.End:
        watch, last = progress.Watch(wanted.digest), [time.monotonic()]

        def tell() -> None:
            if time.monotonic() - last[0] >= 1:
                last[0] = time.monotonic()
                self.stdout.write(f"  {watch.look()}")

        work.crew(wanted.digest, workers=workers, stop=stop, tell=tell)
        last[0] = 0.0
        tell()
        with context.in_public():
            now = claim.open_wave(wanted.digest)
        if isinstance(now, claim.End) or stop():
            return now if isinstance(now, claim.End) else claim.End.DONE
        raise CommandError("The workers ended before their work: see the log, then run it again.")

    def _say_how_it_ended(self, standings: list[status.Standing], ended: claim.End, stop_after: int) -> None:
        counts = status.count(standings)
        if ended in ENDED:
            raise CommandError(f"{ENDED[ended]} {_counted(counts)}.")
        for standing in standings:
            if standing.place == Place.FAILED:
                self.stderr.write(f"{standing.slug}: {_first_line(standing.error)}")
        if counts[Place.FAILED]:
            self.stderr.write("Those that failed stay where they are until manage.py fleet retry.")
        if counts[Place.BEHIND]:
            raise CommandError(f"Ended before its time; run it again to go on. {_counted(counts)}.")
        if counts[Place.FAILED] > stop_after:
            raise CommandError(f"More than {stop_after:,} failed. {_counted(counts)}.")
        self.stdout.write(f"{_counted(counts)}.")

    def _status(self, options: dict[str, Any]) -> None:
        standings = status.read()
        counts = status.count(standings)
        apart = [s for s in standings if s.place != Place.AT_HEAD]
        if options["json"]:
            rows = [
                {"slug": s.slug, "place": s.place, "missing": [".".join(key) for key in s.missing],
                 "attempts": s.attempts, "error": s.error} for s in apart
            ]  # fmt: skip
            said = {"head": head.current().digest, "counts": counts, "apart": rows}
            self.stdout.write(json.dumps(said, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(f"Head {head.current().digest[:12]}: {_counted(counts)}.")
            for s in apart:
                missing = f"lacks {len(s.missing)}, first {'.'.join(s.missing[0])}" if s.missing else ""
                self.stdout.write(f"{s.slug:<24} {s.place:<8} {missing}  {_first_line(s.error)}".rstrip())
        if options["check"] and apart:
            raise CommandError(f"{len(apart):,} schools are not at head.")

    def _plan(self, options: dict[str, Any]) -> None:
        wanted = head.current()
        standings = status.read(wanted)
        behind = [s for s in standings if s.place == Place.BEHIND]
        self.stdout.write(f"Head {wanted.digest[:12]}: {_counted(status.count(standings))}.")
        for digest, schools in Counter(s.digest for s in behind).items():
            one = next(s for s in behind if s.digest == digest)
            self.stdout.write(f"{schools:,} schools at {digest[:12]} lack:")
            for key, road in self._pending(one):
                self.stdout.write(f"  {'.'.join(key)}{road}")
        for wave, schools_of in plan.waves(standings, wanted.digest, self._canaries(options)).items():
            names = f": {', '.join(s.slug for s in schools_of[:20])}" if wave != Wave.REST and schools_of else ""
            self.stdout.write(f"{wave.label}: {len(schools_of):,}{names}")

    def _pending(self, standing: status.Standing) -> Iterator[tuple[head.Key, str]]:
        with context.in_public():
            school = School.objects.get(pk=standing.school_id)
        with context.in_school(school):
            executor = MigrationExecutor(connection)
            for migration, _backwards in executor.migration_plan(head.targets(executor.loader)):
                full = [said.rpartition(" ")[2] for said in lean.refusals([migration])]
                yield (migration.app_label, migration.name), f" (full road: {', '.join(full)})" if full else ""

    def _pause(self, options: dict[str, Any]) -> None:
        control.pause(by=None, at=clock.now())
        self.stdout.write("Paused: no further school is taken. Go on with: manage.py fleet resume")

    def _resume(self, options: dict[str, Any]) -> None:
        control.resume(by=None, at=clock.now())
        self.stdout.write("Go on with: manage.py fleet migrate")

    def _retry(self, options: dict[str, Any]) -> None:
        slugs = control.retry(slugs=options["slug"], by=None, at=clock.now())
        if unknown := sorted(set(options["slug"]) - set(slugs)):
            raise CommandError(f"Not failed: {', '.join(unknown)}.")
        self.stdout.write(f"{len(slugs):,} schools wait again. Go on with: manage.py fleet migrate")

    def _canary(self, options: dict[str, Any]) -> None:
        with context.in_public():
            school = School.objects.filter(slug=options["slug"]).first()
        if school is None:
            raise CommandError(f"No school has the slug {options['slug']}.")
        control.choose_canary(school_id=school.pk, first=not options["off"], by=None, at=clock.now())
        self.stdout.write(f"{school.name} gets new versions {'with the others' if options['off'] else 'first'}.")

    def _lint(self, options: dict[str, Any]) -> None:
        found = lint.findings()
        for finding in found:
            self.stderr.write(str(finding))
        if found:
            raise CommandError(lint.advice(found))
        self.stdout.write("Every migration is safe while schools work.")

    def _check_shared(self) -> None:
        try:
            with context.in_public():
                template.check_shared_at_head()
            template.current()
        except (template.NotMigrated, template.TemplateStale):
            raise CommandError("The public schema or the template waits. First: manage.py migrate_shared") from None

    def _canaries(self, options: dict[str, Any]) -> list[str]:
        with context.in_public():
            known = set(School.objects.filter(slug__in=options["canary"]).values_list("slug", flat=True))
        if unknown := sorted(set(options["canary"]) - known):
            raise CommandError(f"No school has the slug {unknown[0]}.")
        return list(options["canary"])


def _counted(counts: Any) -> str:
    words = {Place.AT_HEAD: "at head", Place.BEHIND: "behind", Place.FAILED: "failed", Place.AHEAD: "ahead"}
    return ", ".join(
        f"{counts[place]:,} {word}" for place, word in words.items() if counts[place] or place == "at_head"
    )


def _first_line(error: str) -> str:
    return error.strip().partition("\n")[0][:200]


@contextmanager
def _asked_to_stop() -> Iterator[work.Asked]:
    """Whether Ctrl-C or SIGTERM asked to stop between schools; a second one stops at once."""
    asked: list[int] = []

    def note(number: int, _frame: object) -> None:
        if asked:
            sys.exit(128 + number)
        asked.append(number)

    if threading.current_thread() is not threading.main_thread():
        yield lambda: bool(asked)
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
