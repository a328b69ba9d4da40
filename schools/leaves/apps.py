"""Leave as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeavesConfig(AppConfig):
    """Lives in each school."""

    name = "schools.leaves"

    def ready(self) -> None:
        """Give staff the page of their leave, and the office those of all."""
        from identity import roles
        from schools.leaves import profile, seeds
        from tenants import seeding
        from web import navigation

        profile.register()
        seeding.register("leaves", seeds.sow, order=60)
        navigation.register(
            navigation.Item(
                "leave", _("Leave"), "calendar", "leaves:mine", roles.STAFF, section="office", order=45,
                match=(
                    "leaves:ask", "leaves:leave", "leaves:month", "leaves:balances", "leaves:types", "leaves:type",
                    "leaves:type_add",
                ),
            )
        )  # fmt: skip
