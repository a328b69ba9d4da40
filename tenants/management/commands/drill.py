"""Prove that schools come back out of their backups."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from tenants import context, restoring
from tenants.models import RestorationState, School


class Command(BaseCommand):
    """`manage.py drill restore [--school SLUG]`"""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which school; without one, that whose last drill is the longest ago."""
        parser.add_argument("verb", choices=["restore"])
        parser.add_argument("--school", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 when the backup does not give the school back."""
        result = restoring.drill(at=clock.now(), slug=options["school"])
        if result is None:
            raise CommandError("No school has an archive to try.")
        with context.in_public():
            slug = School.objects.get(pk=result.school_id).slug
        if result.state == RestorationState.FAILED:
            raise CommandError(f"{slug}: {result.error}")
        seconds = (result.finished_at - result.created_at).total_seconds() if result.finished_at else 0
        self.stdout.write(f"{slug}: every row of {result.source} came back, in {seconds:.1f} s")
