"""Bulk actions as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulkConfig(AppConfig):
    """Lives in each school."""

    name = "schools.bulk"

    def ready(self) -> None:
        """Put the history into the office's part of the navigation."""
        from identity import roles
        from web import navigation

        navigation.register(
            navigation.Item(
                "bulk", _("Undo"), "undo", "bulk:index", roles.OFFICE, section="office", order=65,
                match=("bulk:action",),
            )
        )  # fmt: skip
