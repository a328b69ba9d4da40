"""Blocks of the home page that belong to no single domain."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from identity import roles
from identity.access import user_of
from identity.models import Kind, User
from schools.academics import queries as academics
from schools.attendance import queries as attendance
from schools.home import trail
from schools.people import queries as people
from schools.people.choices import StudentStatus
from web import tiles

LATEST = 5


@dataclass(frozen=True, slots=True)
class Step:
    """Something a new school does once."""

    title: str
    how: str
    done: bool
    act: str
    url_name: str

    @property
    def url(self) -> str:
        """The page where it is done."""
        return reverse(self.url_name)


def register() -> None:
    """Offer them."""
    tiles.register(
        tiles.Tile("home.children", (roles.GUARDIAN,), "home/tiles/children.html", children, order=0, column="top")
    )
    tiles.register(tiles.Tile("home.first_steps", roles.OFFICE, "home/tiles/first_steps.html", first_steps, order=5))
    tiles.register(tiles.Tile("home.trail", (roles.HEAD,), "home/tiles/trail.html", latest_changes, order=95))


def children(request: HttpRequest) -> dict[str, Any] | None:
    """A guardian's children with today's mark; the chosen one is named by `?child=`, else the first."""
    user = user_of(request)
    mine = list(
        people.visible_to(user)
        .filter(status__in=(StudentStatus.ENROLLED, StudentStatus.SUSPENDED), guardianships__guardian__user=user)
        .order_by("date_of_birth", "first_name", "pk")
        .distinct()
    )
    if not mine:
        return None
    keys = [child.pk for child in mine]
    classes = academics.open_classes(keys)
    marks = attendance.latest_marks(keys, clock.today())
    asked = request.GET.get("child", "")
    chosen = next((child.pk for child in mine if str(child.pk) == asked), keys[0])
    return {
        "children": [
            {
                "child": child,
                "class": classes.get(child.pk),
                "mark": marks.get(child.pk),
                "chosen": child.pk == chosen,
            }
            for child in mine
        ]
    }


def first_steps(request: HttpRequest) -> dict[str, Any] | None:
    """What a new school still has to do before its first register; nothing once it is done."""
    user = user_of(request)
    steps = [
        Step(
            _("Terms"),
            _("Without a term there is no school day."),
            academics.current_term() is not None,
            _("Look at the terms"),
            "home:terms",
        ),
        Step(
            _("Classes"),
            _("Grade level and stream, each with its class teacher."),
            academics.visible_to(user).exists(),
            _("Open classes"),
            "academics:classes",
        ),
        Step(
            _("Students"),
            _("From a spreadsheet, or one by one."),
            people.visible_to(user).exists(),
            _("Add students"),
            "people:students",
        ),
        Step(
            _("Teachers"),
            _("They get a letter and choose a password."),
            User.objects.filter(roles__contains=[roles.TEACHER], kind=Kind.PERSON).exists(),
            _("Add teachers"),
            "people:staff",
        ),
    ]
    return None if all(step.done for step in steps) else {"steps": steps}


def latest_changes(request: HttpRequest) -> dict[str, Any] | None:
    """The newest acts of the school's own work; the trail itself also keeps sign-ins, passwords and keys."""
    entries = trail.search(trail.visible_to(user_of(request)), trail.Wanted())
    lines, _more = trail.page(trail.without_technical(entries), "", most=LATEST)
    return {"lines": lines} if lines else None
