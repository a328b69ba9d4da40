"""Families as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FamiliesConfig(AppConfig):
    """Lives in each school."""

    name = "schools.families"

    def ready(self) -> None:
        """Put the sheet into the portal, the queue and the rounds into the office."""
        from identity import roles
        from schools.families import lists, tiles
        from schools.people import directory
        from web import navigation
        from web import tiles as board

        lists.register()
        for action, icon, words in (
            ("proposal.sent", "pen", _("Change proposed")),
            ("proposal.accepted", "check", _("Proposed change accepted")),
            ("proposal.refused", "x", _("Proposed change refused")),
            ("guardian.confirmed", "check", _("Details confirmed")),
            ("guardian.corrected", "pen", _("Details checked, changes proposed")),
        ):
            directory.words(action, icon, words)
        navigation.register(
            navigation.Item("our-details", _("Our details"), "pen", "families:mine", (roles.GUARDIAN,), order=60)
        )
        navigation.register(
            navigation.Item(
                "proposals", _("Families’ changes"), "pen", "families:proposals", roles.OFFICE, section="office",
                order=34, match=("families:rounds", "families:round"),
            )
        )  # fmt: skip
        board.register(
            board.Tile("families.waiting", roles.OFFICE, "families/tiles/waiting.html", tiles.waiting, 42, "side")
        )
        board.register(
            board.Tile("families.check", (roles.GUARDIAN,), "families/tiles/check.html", tiles.check, 5, "top")
        )
