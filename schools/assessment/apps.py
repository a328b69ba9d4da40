"""Scales, assessments and marks as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    """Lives in each school."""

    name = "schools.assessment"

    def ready(self) -> None:
        """Give the home page, the navigation, students' pages and new schools their part of assessment."""
        from identity import roles
        from schools.assessment import importing, kept, profile, seeds, tiles
        from tenants import seeding
        from tenants.archive import totals
        from web import navigation
        from web.tiles import Tile, register

        staff, family = (roles.HEAD, roles.REGISTRAR, roles.TEACHER), (roles.GUARDIAN, roles.STUDENT)
        navigation.register(
            navigation.Item(
                "marks", _("Marks"), "marks", "assessment:sittings", staff, order=40, badge=tiles.waiting, tab=True,
                match=("assessment:grid", "assessment:create", "assessment:scales", "assessment:scale"),
            )
        )  # fmt: skip
        navigation.register(
            navigation.Item("results", _("Results"), "marks", "assessment:results", family, order=40, tab=True)
        )
        register(Tile("assessment.due", (roles.TEACHER,), "assessment/tiles/due.html", tiles.due, 20))
        register(
            Tile("assessment.publish", roles.OFFICE, "assessment/tiles/publish.html", tiles.to_publish, 30, "side")
        )
        register(Tile("assessment.latest", family, "assessment/tiles/latest.html", tiles.latest, 30))
        seeding.register("assessment", seeds.sow, order=40)
        totals.register(
            "marks",
            "SELECT count(score) || ' scores, ' || coalesce(sum(score), 0) || ' points' FROM {schema}.assessment_mark",
        )
        profile.register()
        importing.register()
        kept.register()
