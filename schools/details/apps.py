"""A school's own facts as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DetailsConfig(AppConfig):
    """Lives in each school."""

    name = "schools.details"

    def ready(self) -> None:
        """Give profiles, lists and the admission form what the school asks for itself."""
        from identity import roles
        from schools.details import profile
        from web import navigation

        profile.register()
        navigation.register(
            navigation.Item(
                "details", _("Fields and houses"), "list", "details:index", roles.OFFICE, section="office", order=86
            )
        )
