"""Papers as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    """Lives in each school."""

    name = "schools.papers"

    def ready(self) -> None:
        """Put papers into the navigation, the students' list and profile, and give new schools their templates."""
        from identity import roles
        from schools.papers import profile, seeds
        from tenants import seeding
        from web import navigation

        navigation.register(
            navigation.Item(
                "papers", _("Papers"), "print", "papers:index", roles.OFFICE, section="office", order=58,
                match=("papers:of_class", "papers:batch", "papers:template", "papers:letter", "papers:issue"),
            )
        )  # fmt: skip
        seeding.register("papers", seeds.sow, order=60)
        profile.register()
