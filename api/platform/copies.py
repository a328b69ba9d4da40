"""/schools/<slug>/copies/, /schools/<slug>/restorations/, /backups/ — what could be brought back, and the way back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers

from api import asking, bodies
from api.door import Call, dumps, readable
from api.platform.door import PlatformDoor
from api.platform.schools import body_of, find
from core import clock
from core.errors import NotFound
from tenants import restoring
from tenants.archive import making
from tenants.models import Copy, CopyKind, Restoration

SHOWN = 100


class CopyIn(bodies.In):
    """Which kind of copy to make."""

    kind = serializers.ChoiceField(choices=[CopyKind.ARCHIVE.value, CopyKind.EXPORT.value])


class RestoreIn(bodies.In):
    """Which archive to load; without one, the newest."""

    copy = bodies.Ref(required=False)


class Copies(PlatformDoor):
    """A school's archives and exports. Files are fetched from the console, or written by `manage.py school export`."""

    resource = "schools"
    lookup_field = "slug"

    def list(self, call: Call, slug: str) -> HttpResponse:
        """The last hundred, newest first."""
        asking.nothing(call.request)
        return readable(call, dumps({"results": [_copy(one) for one in making.of_school(find(slug).pk)[:SHOWN]]}))

    def create(self, call: Call, slug: str) -> HttpResponse:
        """Ask for one: 202; one of the kind under way is given back."""
        school = find(slug)
        kind = body_of(call, CopyIn)["kind"]
        asked = making.ask(school_id=school.pk, kind=kind, by=call.caller.user, at=clock.now())
        return _said(_copy(asked), status=202)

    def ages(self, call: Call) -> HttpResponse:
        """Seconds since the last good backup of the cluster, of the school with the oldest, and the last drill."""
        asking.nothing(call.request)
        return readable(call, dumps({f"{kind}_age_seconds": age for kind, age in making.ages().items()}))


class Restorations(PlatformDoor):
    """Earlier selves of a school, loaded beside it."""

    resource = "schools"
    lookup_field = "slug"

    def list(self, call: Call, slug: str) -> HttpResponse:
        """All of them, newest first."""
        asking.nothing(call.request)
        return readable(call, dumps({"results": [_way(one) for one in restoring.of_school(find(slug).pk)[:SHOWN]]}))

    def create(self, call: Call, slug: str) -> HttpResponse:
        """Load an archive beside the school: 202; `differences` say what would be otherwise."""
        school = find(slug)
        wanted = body_of(call, RestoreIn).get("copy")
        asked = restoring.ask(school_id=school.pk, copy_id=wanted, by=call.caller.user, at=clock.now())
        return _said(_way(asked), status=202)

    def retrieve(self, call: Call, slug: str, pk: UUID) -> HttpResponse:
        """One of them."""
        asking.nothing(call.request)
        return readable(call, dumps(_way(_one(slug, pk))))

    def swap(self, call: Call, slug: str, pk: UUID) -> HttpResponse:
        """Put it in the school's place."""
        asking.nothing(call.request)
        restoring.swap(restoration_id=_one(slug, pk).pk, by=call.caller.user, at=clock.now())
        return _said(_way(_one(slug, pk)))

    def discard(self, call: Call, slug: str, pk: UUID) -> HttpResponse:
        """Throw it away."""
        asking.nothing(call.request)
        restoring.discard(restoration_id=_one(slug, pk).pk, by=call.caller.user, at=clock.now())
        return _said(_way(_one(slug, pk)))


def _one(slug: str, pk: UUID) -> Restoration:
    one = restoring.of_school(find(slug).pk).filter(pk=pk).first()
    if one is None:
        raise NotFound("Nothing of this id stands beside this school.")
    return one


def _copy(copy: Copy) -> dict[str, Any]:
    return {
        "id": str(copy.pk), "kind": copy.kind, "state": copy.state, "reason": copy.reason, "asked_by": copy.asked_by,
        "done": copy.done, "total": copy.total, "bytes": copy.bytes, "sha256": copy.sha256, "error": copy.error,
        "created_at": copy.created_at, "finished_at": copy.finished_at, "verified_at": copy.verified_at,
        "expires_at": copy.expires_at,
    }  # fmt: skip


def _way(one: Restoration) -> dict[str, Any]:
    return {
        "id": str(one.pk), "state": one.state, "as_of": one.made_at, "differences": one.differences,
        "asked_by": one.asked_by, "kept_until": one.keep_until, "error": one.error, "created_at": one.created_at,
        "finished_at": one.finished_at,
    }  # fmt: skip


def _said(body: dict[str, Any], *, status: int = 200) -> HttpResponse:
    about = {"Cache-Control": "private, no-cache"}
    return HttpResponse(dumps(body), status=status, content_type=bodies.JSON, headers=about)
