"""What of marks each role sees first on the home page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from identity.access import user_of
from schools.assessment import queries

SHOWN = 5


def due(request: HttpRequest) -> dict[str, Any] | None:
    """The marks that a teacher has still to enter, soonest first."""
    found = queries.due_now(user_of(request))
    return {"papers": found[:SHOWN], "closes_at": found[0].paper.closes_at} if found else None


def waiting(request: HttpRequest) -> int:
    """How many papers wait for a teacher's marks, for the badge."""
    return len(queries.due_now(user_of(request)))


def to_publish(request: HttpRequest) -> dict[str, Any] | None:
    """Sittings that are handed in whole and that families do not see yet."""
    found = queries.unpublished_now(user_of(request))
    return {"sittings": found[:SHOWN], "total": len(found)} if found else None


def latest(request: HttpRequest) -> dict[str, Any] | None:
    """The newest published sitting of the guardian's chosen child (`?child=`, else the first), or of the student."""
    user = user_of(request)
    children = queries.family_of(user)
    asked = request.GET.get("child", "")
    child = next((one for one in children if str(one.pk) == asked), children[0] if children else None)
    if child is None:
        return None
    sheets = queries.sheets(user, child, published_only=True, limit=1)
    if not sheets:
        return None
    title = sheets[0].name if child.user_id == user.pk else _("%(name)s: %(sitting)s") % {
        "name": child.first_name, "sitting": sheets[0].name,
    }  # fmt: skip
    return {"child": child, "sheet": sheets[0], "title": title}
