"""Messages as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    """Lives in each school."""

    name = "schools.messaging"

    def ready(self) -> None:
        """Offer the audiences of people and academics, and give navigation, home page and new schools their part."""
        from identity import roles
        from schools.messaging import groups, seeds, tiles
        from tenants import seeding
        from web import navigation
        from web.tiles import Tile, register

        navigation.register(
            navigation.Item(
                "messaging", _("Messages"), "message", "messaging:index", roles.SCHOOL_ROLES, order=60,
                badge=tiles.unread, tab=True,
                match=(
                    "messaging:one", "messaging:sent", "messaging:write", "messaging:message", "messaging:change",
                    "messaging:board", "messaging:notice", "messaging:settings", "messaging:templates",
                    "messaging:preferences",
                ),
            )
        )  # fmt: skip
        register(Tile("messaging.board", roles.SCHOOL_ROLES, "messaging/tiles/board.html", tiles.board, 60, "side"))
        register(Tile("messaging.waits", roles.OFFICE, "messaging/tiles/waits.html", tiles.waits, 15, "side"))
        groups.register()
        seeding.register("messaging", seeds.sow, order=35)
