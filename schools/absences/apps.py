"""Planned absences as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AbsencesConfig(AppConfig):
    """Lives in each school."""

    name = "schools.absences"

    def ready(self) -> None:
        """Tell registers what is planned; give families the form and the school what waits for it."""
        from identity import roles
        from schools.absences import expecting, tiles
        from schools.attendance import planned
        from schools.people import directory
        from web import navigation
        from web.tiles import Tile, register

        staff = (*roles.OFFICE, roles.TEACHER)
        planned.register(expecting.expected)
        navigation.register(
            navigation.Item(
                "absences", _("Planned absences"), "calendar", "absences:list", (*staff, roles.GUARDIAN), order=32,
                badge=tiles.waiting, match=("absences:ask", "absences:one"),
            )
        )  # fmt: skip
        register(Tile("absences.waiting", staff, "absences/tiles/waiting.html", tiles.to_decide, 22, "side"))
        directory.act(
            directory.Act(
                "absence",
                _("Away on a coming day"),
                "calendar",
                "absences:ask",
                (*roles.OFFICE, roles.GUARDIAN),
                order=30,
            )
        )
        directory.words("absence.asked", "calendar", _("Absence asked for"))
        directory.words("absence.approved", "calendar", _("Absence approved"))
