"""Years, classes and subjects as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AcademicsConfig(AppConfig):
    """Lives in each school."""

    name = "schools.academics"

    def ready(self) -> None:
        """Give people's pages the class, the home pages their tiles, and new schools their first rows."""
        from identity import roles
        from schools.academics import findings, importing, lists, people, queries, seeds, standing, tiles
        from schools.leaves import calendar as leave_calendar
        from tenants import seeding
        from web import navigation, school, search
        from web import tiles as board

        people.register()
        importing.register()
        lists.register()
        leave_calendar.register(queries.closed_days)
        seeding.register("academics", seeds.sow, order=20)
        school.register_standing(standing.told)
        navigation.register(
            navigation.Item(
                "classes", _("Classes"), "register", "academics:classes", roles.STAFF, order=25,
                match=("academics:move", "academics:moves", "academics:leave"),
            )
        )  # fmt: skip
        navigation.register(
            navigation.Item(
                "subjects", _("Subjects"), "book", "academics:subjects", roles.OFFICE, section="office", order=50
            )
        )
        navigation.register(
            navigation.Item(
                "groups", _("Teaching groups"), "users", "academics:groups",
                (*roles.OFFICE, roles.TEACHER), section="office", order=51,
            )
        )  # fmt: skip
        navigation.register(
            navigation.Item(
                "years", _("School years"), "calendar", "academics:years", roles.OFFICE, section="office", order=52,
                match=("academics:year_open", "academics:ladder", "academics:level", "academics:stream"),
            )
        )  # fmt: skip
        search.register("classes", findings.classes, label=_("Classes"), order=15)
        board.register(
            board.Tile("academics.mine", (roles.TEACHER,), "academics/tiles/mine.html", tiles.mine, 60, "side")
        )
        board.register(
            board.Tile("academics.sizes", (roles.REGISTRAR,), "academics/tiles/sizes.html", tiles.sizes, 30, "side")
        )
        board.register(
            board.Tile("academics.levels", (roles.BURSAR,), "academics/tiles/levels.html", tiles.levels, 30, "side")
        )
