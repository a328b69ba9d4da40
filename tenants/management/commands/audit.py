"""Prove that the audit trails are as they were written."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import chain
from tenants import context
from tenants.models import School, State


class Command(BaseCommand):
    """`manage.py audit verify|seal [--school SLUG]`"""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and for whom; every school and the platform without --school."""
        parser.add_argument("verb", choices=["verify", "seal"])
        parser.add_argument("--school", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 when a trail was altered."""
        faults = 0
        if not options["school"]:
            with context.in_public():
                faults += self._one("the platform", options["verb"])
        for school in context.each_school(states=(State.LIVE, State.READ_ONLY, State.SUSPENDED)):
            if options["school"] in ("", school.slug):
                faults += self._one(school.slug, options["verb"])
        if faults:
            raise CommandError(f"{faults} faults found.")
        if options["school"] and not self._exists(options["school"]):
            raise CommandError(f"No school has the slug {options['school']}.")

    def _one(self, name: str, verb: str) -> int:
        if verb == "seal":
            sealed = 0
            while batch := chain.seal():
                sealed += batch
            self.stdout.write(f"{name}: {sealed} entries sealed")
            return 0
        faults = list(chain.verify())
        for fault in faults:
            self.stdout.write(f"{name}: seal {fault.seal} {fault.what}")
        if not faults:
            self.stdout.write(f"{name}: the trail is as it was written")
        return len(faults)

    def _exists(self, slug: str) -> bool:
        with context.in_public():
            return School.objects.filter(slug=slug).exists()
