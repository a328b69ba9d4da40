"""Home pages, settings and search as a Django app: it composes what the other domains offer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """No table of its own."""

    name = "schools.home"

    def ready(self) -> None:
        """Offer the first and the last entry of the rail, the tiles of no single domain, and the school's own facts."""
        from identity import roles
        from schools.home import finding, identity_card, tiles
        from web import navigation, school, search

        navigation.register(
            navigation.Item(
                "home", _("Today"), "home", "home:front", roles.SCHOOL_ROLES, order=0, tab=True, short=_("Home")
            )
        )
        navigation.register(
            navigation.Item(
                "settings", _("Settings"), "settings", "home:profile", roles=roles.OFFICE, section="office", order=90
            )
        )
        school.register(identity_card.told)
        tiles.register()
        search.register("pages", finding.pages, label=_("Go to"), order=90)
