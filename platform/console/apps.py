"""The operators' console as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """No table of its own."""

    name = "console"

    def ready(self) -> None:
        """Put the console's pages into the operators' navigation."""
        from console import counting
        from identity.roles import OPERATOR
        from web import navigation

        for item in (
            navigation.Item(
                "console.schools", _("Schools"), "server", "console:schools", (OPERATOR,), order=10, tab=True
            ),
            navigation.Item(
                "console.sign_ups",
                _("Sign-ups"),
                "plus",
                "console:sign_ups",
                (OPERATOR,),
                order=15,
                badge=counting.waiting_sign_ups,
            ),
            navigation.Item("console.jobs", _("Jobs"), "clock", "console:jobs", (OPERATOR,), order=20, tab=True),
            navigation.Item(
                "console.backups", _("Backups"), "server", "console:backups", (OPERATOR,), section="safety", order=25
            ),
            navigation.Item(
                "console.trail",
                _("Audit"),
                "shield",
                "console:trail",
                (OPERATOR,),
                section="safety",
                order=30,
                tab=True,
                short=_("Trail"),
            ),
        ):
            navigation.register(item)
