"""Records as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Lives in each school."""

    name = "schools.records"

    def ready(self) -> None:
        """Give the profile its tabs, and the head the log of looks."""
        from identity import roles
        from schools.records import profile
        from web import navigation

        profile.register()
        navigation.register(
            navigation.Item(
                "looks", _("Who looked"), "eye", "records:looks", (roles.HEAD,), section="office", order=90,
                match=("records:care_edit", "records:alert_add", "records:document_add"),
            )
        )  # fmt: skip
