"""Bring the public schema to this version, and build the template that new schools are copied from."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from core import clock, scope
from tenants import provisioning, template


class Command(BaseCommand):
    """`manage.py migrate_shared`"""

    help = __doc__
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then refresh the template; both do nothing when there is nothing to do."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [0x5C4002])
        try:
            template.migrate(scope.PUBLIC_SCHEMA, settings.SHARED_APPS)
            made, built = template.refresh()
            provisioning.every_jobs_due(clock.now())
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [0x5C4002])
        word = "built" if built else "is of this version"
        self.stdout.write(f"Public schema at head. Template {made} {word}: {made.tables} tables.")
