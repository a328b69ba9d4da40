"""The import engine as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Lives in each school."""

    name = "schools.imports"

    def ready(self) -> None:
        """Put imports into the office's part of the navigation."""
        from identity import roles
        from web import navigation

        navigation.register(
            navigation.Item(
                "imports", _("Imports"), "upload", "imports:index", roles.OFFICE, section="office", order=60,
                match=("imports:new", "imports:columns", "imports:run"),
            )
        )  # fmt: skip
