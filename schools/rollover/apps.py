"""Rollover as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RolloverConfig(AppConfig):
    """Lives in each school."""

    name = "schools.rollover"

    def ready(self) -> None:
        """Put the sweep into the office's part of the navigation and into the history of bulk actions."""
        from identity import roles
        from schools.bulk import kinds
        from schools.people import directory
        from schools.rollover.services import KIND
        from web import navigation

        navigation.register(
            navigation.Item(
                "rollover", _("Next year"), "up", "rollover:index", roles.OFFICE, section="office", order=54,
                match=("rollover:sweep", "rollover:of_class"),
            )
        )  # fmt: skip
        kinds.register(kinds.Kind(KIND, _("Into the next year"), "up"))
        directory.words("rollover.decided", "up", _("Decided for the next year"))
