"""The floor as a Django app: the outbox and the calendar of periodic work."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the checks that keep tables where they belong."""

    name = "core"

    def ready(self) -> None:
        """Load the system checks."""
        from core import checks  # noqa: F401
