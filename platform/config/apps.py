"""Where the rooms are joined: health checks, the tasks that web processes name, the facts that pages show."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Assembles; holds nothing."""

    name = "config"

    def ready(self) -> None:
        """Register what lower rooms offer a place for."""
        from config import wiring

        wiring.health()
        wiring.tasks()
