"""The day register as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    """Lives in each school."""

    name = "schools.attendance"

    def ready(self) -> None:
        """Give the home page, the navigation, students' pages and new schools their part of attendance."""
        from identity import roles
        from schools.attendance import following, importing, kept, profile, seeds, tiles
        from tenants import seeding
        from tenants.archive import totals
        from web import navigation
        from web.tiles import Tile, register

        staff = (roles.HEAD, roles.REGISTRAR, roles.TEACHER)
        navigation.register(
            navigation.Item(
                "attendance", _("Registers"), "register", "attendance:day", staff, order=30, badge=tiles.waiting,
                tab=True, short=_("Register"), match=("attendance:register", "attendance:history"),
            )
        )  # fmt: skip
        office, teacher, family = roles.OFFICE, (roles.TEACHER,), (roles.GUARDIAN, roles.STUDENT)
        register(Tile("attendance.now", office, "attendance/tiles/now.html", tiles.now, 10))
        register(Tile("attendance.missing", office, "attendance/tiles/missing.html", tiles.missing, 10, "side"))
        register(Tile("attendance.week", office, "attendance/tiles/week.html", tiles.week, 40))
        register(Tile("attendance.take", teacher, "attendance/tiles/take.html", tiles.take, 10))
        register(Tile("attendance.away", (*office, *teacher), "attendance/tiles/away.html", tiles.away, 40, "side"))
        register(Tile("attendance.children", family, "attendance/tiles/children.html", tiles.children, 10))
        seeding.register("attendance", seeds.sow, order=30)
        totals.register(
            "attendance marks by code",
            """SELECT string_agg(code || ' ' || number, ', ' ORDER BY code)
               FROM (SELECT code, count(*) AS number FROM {schema}.attendance_attendancemark GROUP BY code) AS c""",
        )
        profile.register()
        kept.register()
        following.register()
        importing.register()
