"""Let operators in: the first account of a deployment, and keys for programs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import clock
from core.errors import DomainError
from identity import accounts, roles
from tenants import context

SCOPES = ("schools:read", "schools:write")


class Command(BaseCommand):
    """`manage.py operator invite|key`"""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb each, with what it needs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        invite = verbs.add_parser("invite", help="make an operator's account and mail the link to choose a password")
        invite.add_argument("email")
        invite.add_argument("--name", required=True)
        key = verbs.add_parser("key", help="make a key for a program; it is printed once")
        key.add_argument("name")
        key.add_argument("--read-only", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; a refusal is one line and exit status 1."""
        try:
            with context.in_public(), transaction.atomic():
                getattr(self, f"_{options['verb']}")(options)
        except DomainError as error:
            raise CommandError(error.message) from None

    def _invite(self, options: dict[str, Any]) -> None:
        at = clock.now()
        user = accounts.create(
            username=options["email"],
            email=options["email"],
            full_name=options["name"],
            roles=[roles.OPERATOR],
            by=None,
            at=at,
        )
        accounts.invite(user=user, by=None, at=at)
        self.stdout.write(f"The invitation is on its way to {user.email}.")

    def _key(self, options: dict[str, Any]) -> None:
        at = clock.now()
        user = accounts.service_account(name=options["name"], roles=[roles.OPERATOR], by=None, at=at)
        scopes = SCOPES[:1] if options["read_only"] else SCOPES
        _row, key = accounts.issue_key(user=user, name=options["name"], scopes=scopes, by=None, at=at)
        self.stdout.write(key)
