"""Students, guardians, households and staff as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Lives in each school."""

    name = "schools.people"

    def ready(self) -> None:
        """Put people into the navigation, the home pages, the search and the student list."""
        from identity import roles
        from schools.bulk import kinds
        from schools.people import columns, counting, directory, findings, importing, lists, tiles
        from tenants import usage
        from web import navigation, search
        from web import tiles as board

        office, staff = roles.OFFICE, roles.STAFF
        navigation.register(
            navigation.Item("students", _("Students"), "users", "people:students", staff, order=20, tab=True)
        )
        navigation.register(
            navigation.Item(
                "guardians", _("Guardians"), "heart", "people:guardians", (*office, roles.BURSAR),
                section="office", order=30, match=("people:rights", "people:restriction"),
            )
        )  # fmt: skip
        navigation.register(
            navigation.Item(
                "households", _("Households"), "home", "people:households", (*office, roles.BURSAR),
                section="office", order=32, match=("people:home", "people:household_edit"),
            )
        )  # fmt: skip
        navigation.register(
            navigation.Item("staff", _("Staff"), "user", "people:staff", staff, section="office", order=40)
        )
        search.register("students", findings.students, label=_("Students"), order=10)
        search.register("guardians", findings.guardians, label=_("Guardians"), order=20)
        search.register("staff", findings.staff, label=_("Staff"), order=30)
        search.register("households", findings.households, label=_("Households"), order=35)
        board.register(board.Tile("people.find", (roles.BURSAR,), "people/tiles/find.html", tiles.find, 5, "top"))
        board.register(
            board.Tile("people.roll", (roles.REGISTRAR, roles.BURSAR), "people/tiles/roll.html", tiles.roll, order=20)
        )
        board.register(
            board.Tile(
                "people.children",
                (roles.STUDENT,),
                "people/tiles/children.html",
                tiles.children,
                order=20,
            )
        )
        for column in columns.OWN:
            directory.column(column)
        directory.act(directory.Act("change", _("Change"), "pen", "people:change_several", office, order=50, bulk=True))
        kinds.register(kinds.Kind("people.change", _("Students changed"), "pen"))
        importing.register()
        lists.register()
        usage.register("students", counting.students)
        usage.register("staff", counting.staff)
