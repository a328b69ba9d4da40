"""/sign-ups/ — schools that ask for themselves, with their heads' e-mail proven: who waits, yes or no."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from api import asking
from api.door import Call, dumps, readable
from api.platform.door import PlatformDoor
from api.platform.schools import ReasonIn, body_of
from core import clock
from tenants import context, sign_ups
from tenants.models import SignUp

SHOWN = 100


class SignUps(PlatformDoor):
    """One request of a school."""

    resource = "schools"

    def list(self, call: Call) -> HttpResponse:
        """Those that wait, longest first, then the last that were decided; a hundred of each."""
        asking.nothing(call.request)
        with context.in_public():
            rows = [*sign_ups.waiting()[:SHOWN], *sign_ups.decided()[:SHOWN]]
        return readable(call, dumps({"results": [_shown(row) for row in rows]}))

    def approve(self, call: Call, pk: UUID) -> HttpResponse:
        """Have the school set up: 202; `/schools/<slug>/` says how far it is. Twice is once."""
        asking.nothing(call.request)
        return _said(sign_ups.approve(sign_up_id=pk, by=call.caller.user, at=clock.now()), status=202)

    def refuse(self, call: Call, pk: UUID) -> HttpResponse:
        """Say no; the head gets a letter with the reason."""
        found, reason = sign_ups.one(pk), body_of(call, ReasonIn)["reason"]
        return _said(sign_ups.refuse(sign_up_id=found.pk, reason=reason, by=call.caller.user, at=clock.now()))


def _said(sign_up: SignUp, *, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "private, no-cache"}
    return HttpResponse(dumps(_shown(sign_up)), status=status, content_type="application/json", headers=headers)


def _shown(row: SignUp) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "state": row.state,
        "slug": row.slug,
        "name": row.name,
        "kind": row.kind,
        "plan": row.plan,
        "head_name": row.head_name,
        "head_email": row.head_email,
        "phone": row.phone,
        "wants_example": row.wants_example,
        "reason": row.reason,
        "confirmed_at": row.confirmed_at,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by,
    }
