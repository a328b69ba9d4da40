"""Admissions as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdmissionsConfig(AppConfig):
    """Lives in each school."""

    name = "schools.admissions"

    def ready(self) -> None:
        """Put admissions into the office's navigation and home, and register the steps of an admission."""
        from identity import roles
        from schools.admissions import becoming, findings, lists, tiles
        from web import navigation, search
        from web import tiles as board

        navigation.register(
            navigation.Item(
                "admissions", _("Admissions"), "plus", "admissions:board", roles.OFFICE, section="office", order=25,
                match=("admissions:list", "admissions:application", "admissions:form", "admissions:enquiry"),
            )
        )  # fmt: skip
        becoming.register()
        lists.register()
        search.register("applications", findings.applications, label=_("Applications"), order=40)
        board.register(
            board.Tile("admissions.line", roles.OFFICE, "admissions/tiles/pipeline.html", tiles.pipeline, 35, "side")
        )
