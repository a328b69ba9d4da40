"""Transfers as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    """Lives in each school."""

    name = "schools.transfers"

    def ready(self) -> None:
        """Offer the transfer on a student's page, and show the head what waits."""
        from identity import roles
        from identity.access import user_of
        from schools.people import directory
        from schools.transfers import queries
        from web import navigation, tiles

        directory.act(
            directory.Act("transfer", _("Transfer to another school"), "right", "transfers:ask", roles.OFFICE, order=70)
        )
        for action, icon, words in (
            ("transfer.asked", "right", _("Transfer prepared")),
            ("transfer.approved", "check", _("Transfer approved")),
            ("transfer.withdrawn", "undo", _("Transfer withdrawn")),
            ("transfer.agreed", "check", _("The other school agrees")),
            ("transfer.declined", "x", _("The other school declines")),
            ("transfer.done", "right", _("Transferred")),
            ("transfer.taken_in", "plus", _("Taken over from another school")),
        ):
            directory.words(action, icon, words)
        navigation.register(
            navigation.Item(
                "transfers", _("Transfers"), "right", "transfers:index", roles.OFFICE, section="office", order=56,
                match=("transfers:transfer", "transfers:ask"),
            )
        )  # fmt: skip

        def waiting(request: Any) -> dict[str, Any] | None:
            found = list(queries.waiting(user_of(request)).order_by("-created_at")[:6])
            return {"transfers": found} if found else None

        tiles.register(
            tiles.Tile("transfers.waiting", (roles.HEAD,), "transfers/tiles/waiting.html", waiting, 41, "side")
        )
