"""What options and courses add to a student's page and to the family's home."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import clock
from identity import roles
from identity.access import user_of
from schools.bulk import kinds
from schools.curriculum import policies, queries
from schools.curriculum.models import Block, Course
from schools.people import directory
from schools.people import queries as people
from schools.people.choices import StudentStatus
from schools.people.models import Student
from web import tiles


def register() -> None:
    """Called once, when the apps are ready."""
    directory.panel(directory.Panel("options", "curriculum/panel.html", _options, order=30, column="side"))
    directory.panel(directory.Panel("courses", "curriculum/progress.html", _courses, order=35, column="side"))
    directory.words("options.chosen", "check", _("Options chosen"))
    directory.words("course.taken", "book", _("Course begun"))
    directory.words("course.recorded", "report", _("Course recorded"))
    kinds.register(kinds.Kind("curriculum.place", _("Places of options"), "list"))
    family = (roles.GUARDIAN, roles.STUDENT)
    tiles.register(tiles.Tile("curriculum.choose", family, "curriculum/tiles/choose.html", _choose, 6, "top"))


def _options(request: HttpRequest, student: Student) -> dict[str, Any] | None:
    user = user_of(request)
    wishes = list(queries.wishes_of(student))
    may = policies.may_choose(user) or policies.may_shape(user)
    blocks = queries.open_blocks_of(student, clock.today()) if may else []
    return {"wishes": wishes, "blocks": blocks, "student": student} if wishes or blocks else None


def _courses(request: HttpRequest, student: Student) -> dict[str, Any] | None:
    if not Course.objects.exists():
        return None
    may_shape = policies.may_shape(user_of(request))
    progress = queries.progress_of(student)
    return {"progress": progress, "student": student, "may_shape": may_shape} if progress.taken or may_shape else None


def _choose(request: HttpRequest) -> dict[str, Any] | None:
    """The blocks in which own children, or oneself, may still choose and have not."""
    if not Block.objects.filter(placed_at=None, closes_on__gte=clock.today()).exists():
        return None
    found = []
    for student in people.visible_to(user_of(request)).filter(status=StudentStatus.ENROLLED)[:12]:
        chosen = {wish.option.block_id for wish in queries.wishes_of(student)}
        found += [
            (student, block) for block in queries.open_blocks_of(student, clock.today()) if block.pk not in chosen
        ]
    return {"waiting": found} if found else None
