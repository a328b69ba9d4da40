"""Base backups of the cluster: taken, checked, listed, removed in their turn."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import DomainError
from tenants import context
from tenants.archive import making
from tenants.backup import cluster, watching
from tenants.models import Copy, CopyKind, CopyState, School


class Command(BaseCommand):
    """`manage.py backup base|watch|schools|verify|list|prune`"""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb each."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("base", help="take a base backup of the cluster and prove it whole")
        verbs.add_parser("watch", help="stream the log to the archive, and a base backup each day, until it is stopped")
        verbs.add_parser("schools", help="an archive of every school, now")
        verify = verbs.add_parser("verify", help="check base backups against their manifests: the newest, or all")
        verify.add_argument("--all", action="store_true")
        verbs.add_parser("list", help="what there is")
        prune = verbs.add_parser("prune", help="remove all but the newest base backups, and the log that none needs")
        prune.add_argument("--keep", type=int, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; a refusal is one line and exit status 1."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except DomainError as error:
            raise CommandError(error.message) from None

    def _base(self, options: dict[str, Any]) -> None:
        copy = cluster.base(at=clock.now())
        self.stdout.write(f"{copy.file}: {copy.bytes >> 20} MB, every file as the server wrote it")

    def _watch(self, options: dict[str, Any]) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        watching.watch(stop.is_set)

    def _schools(self, options: dict[str, Any]) -> None:
        with context.in_public():
            schools = list(School.objects.filter(state__in=making.WITH_TABLES).order_by("slug"))
        for number, school in enumerate(schools, start=1):
            copy = making.back_up(school_id=school.pk, at=clock.now())
            self.stdout.write(f"{number} of {len(schools)}: {school.slug}, {copy.bytes} bytes")

    def _verify(self, options: dict[str, Any]) -> None:
        with context.in_public():
            found = list(cluster.bases())
        if not found:
            raise CommandError("There is no base backup.")
        for copy in found if options["all"] else found[:1]:
            cluster.verify(copy, at=clock.now())
            self.stdout.write(f"{copy.file}: whole")

    def _list(self, options: dict[str, Any]) -> None:
        with context.in_public():
            for copy in cluster.bases():
                checked = f"{copy.verified_at:%Y-%m-%d %H:%M}" if copy.verified_at else "never"
                self.stdout.write(f"{copy.file}  {copy.bytes >> 20} MB  checked {checked}")
            for school in School.objects.filter(state__in=making.WITH_TABLES).order_by("slug"):
                newest = making.newest(school.pk)
                when = f"{newest.finished_at:%Y-%m-%d %H:%M}" if newest and newest.finished_at else "none"
                self.stdout.write(f"{school.slug:<24} archive {when}")
            failed = Copy.objects.filter(kind=CopyKind.CLUSTER, state=CopyState.FAILED).order_by("-created_at")
            if last := failed.first():
                self.stdout.write(f"last failure {last.created_at:%Y-%m-%d %H:%M}: {last.error}")

    def _prune(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{cluster.prune(keep=options['keep'])} removed")
