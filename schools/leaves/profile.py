"""What employment and leave add to the profile of a member of staff, the home pages and the lists."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from identity import roles
from identity.access import user_of
from identity.models import User
from schools.exports import sheets
from schools.leaves import policies, queries
from schools.people import directory
from schools.people.lists import in_batches
from schools.people.models import Staff
from web import tiles


def register() -> None:
    """Called once, when the apps are ready."""
    directory.staff_panel(directory.StaffPanel("employment", "leaves/employment.html", _employment, 20))
    directory.staff_panel(directory.StaffPanel("leave", "leaves/panel.html", _leave, 30))
    for action, icon, words in (
        ("employment.added", "user", gettext_lazy("Employed")),
        ("employment.changed", "pen", gettext_lazy("Employment changed")),
        ("leave.asked", "calendar", gettext_lazy("Leave asked for")),
        ("leave.approved", "check", gettext_lazy("Leave approved")),
        ("leave.refused", "x", gettext_lazy("Leave refused")),
        ("leave.cancelled", "undo", gettext_lazy("Leave taken back")),
    ):
        directory.words(action, icon, words)
    tiles.register(tiles.Tile("leaves.waiting", roles.OFFICE, "leaves/tiles/waiting.html", _waiting, 40, "side"))
    tiles.register(tiles.Tile("leaves.away", roles.OFFICE, "leaves/tiles/away.html", _away, 60, "side"))
    sheets.register(sheets.Sheet("leave", gettext_lazy("Leave"), policies.may_decide, _list))


def _employment(request: HttpRequest, staff: Staff) -> dict[str, Any] | None:
    """For the office, and for oneself."""
    user = user_of(request)
    may_employ = policies.may_employ(user)
    if not may_employ and staff.user_id != user.pk:
        return None
    found = list(queries.employments_of(staff))
    return {"employments": found, "staff": staff, "may_employ": may_employ} if found or may_employ else None


def _leave(request: HttpRequest, staff: Staff) -> dict[str, Any] | None:
    if not policies.may_decide(user_of(request)):
        return None
    balances = [one for one in queries.balances(staff, clock.today().year) if one.entitled or one.approved]
    leaves = list(queries.visible_to(user_of(request)).filter(staff=staff)[:8])
    return {"balances": balances, "leaves": leaves} if balances or leaves else None


def _waiting(request: HttpRequest) -> dict[str, Any] | None:
    found = list(queries.waiting(user_of(request))[:6])
    return {"leaves": found} if found else None


def _away(request: HttpRequest) -> dict[str, Any] | None:
    found = list(queries.away_on(clock.today())[:12])
    return {"leaves": found} if found else None


def _list(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """Every leave, the newest first."""
    found = queries.visible_to(user)
    if chosen is not None:
        found = found.filter(pk__in=chosen)
    rows = (
        [
            [
                row.staff.staff_number, row.staff.full_name, row.type.name, row.starts_on.isoformat(),
                row.ends_on.isoformat(), str(row.days), str(row.get_state_display()), row.answer,
            ]
            for row in batch
        ]
        for batch in in_batches(found)
    )  # fmt: skip
    head = [
        _("Staff number"), _("Name"), _("Kind of leave"), _("First day"), _("Last day"), _("Days"), _("State"),
        _("Answer"),
    ]  # fmt: skip
    return sheets.Table(head, rows, (2, 4, 3, 2, 2, 1, 2, 4), "", frozenset({5}))
