"""Create, list, suspend and resume schools."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import DomainError
from tenants import context, lifecycle, provisioning, queries
from tenants.models import School


class Command(BaseCommand):
    """`manage.py school create|list|suspend|resume`"""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb each, with what it needs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="set up a new school, here and now")
        create.add_argument("slug")
        create.add_argument("--name", required=True)
        create.add_argument("--head-name", default="")
        create.add_argument("--head-email", default="")
        verbs.add_parser("list", help="every school with its state and address")
        suspend = verbs.add_parser("suspend", help="close a school at once; its data stays")
        suspend.add_argument("slug")
        suspend.add_argument("--reason", required=True)
        resume = verbs.add_parser("resume", help="open a suspended school again")
        resume.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; a refusal is one line and exit status 1."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except DomainError as error:
            lines = [f"{field}: {m}" for field, messages in error.errors.items() for m in messages]
            raise CommandError("\n".join(lines) or error.message) from None

    def _create(self, options: dict[str, Any]) -> None:
        at = clock.now()
        school = provisioning.request(
            slug=options["slug"],
            name=options["name"],
            head_name=options["head_name"],
            head_email=options["head_email"],
            by=None,
            at=at,
            in_background=False,
        )
        school = provisioning.provision(str(school.pk), at=at)
        with context.in_public():
            self.stdout.write(f"{school.name} is {school.state} at {queries.address(school)}")

    def _list(self, options: dict[str, Any]) -> None:
        with context.in_public():
            for school in queries.schools():
                self.stdout.write(f"{school.slug:<24} {school.state:<13} {queries.address(school)}  {school.name}")

    def _suspend(self, options: dict[str, Any]) -> None:
        school = self._school(options)
        lifecycle.suspend(school_id=school.pk, reason=options["reason"], by=None, at=clock.now())
        self.stdout.write(f"{school.name} is suspended.")

    def _resume(self, options: dict[str, Any]) -> None:
        school = self._school(options)
        lifecycle.resume(school_id=school.pk, by=None, at=clock.now())
        self.stdout.write(f"{school.name} is live.")

    def _school(self, options: dict[str, Any]) -> School:
        with context.in_public():
            school = School.objects.filter(slug=options["slug"]).first()
        if school is None:
            raise CommandError(f"No school has the slug {options['slug']}.")
        return school
