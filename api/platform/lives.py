"""/schools/<slug>/… — a school put away, brought back, renamed, and its end by two operators."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from api import asking, bodies
from api.door import Call, dumps, readable
from api.platform.door import PlatformDoor
from api.platform.schools import ReasonIn, body_of, find, written
from core import clock
from core.errors import DomainError, NotFound
from tenants import erasing, lifecycle
from tenants.models import School


class RenameIn(bodies.In):
    """A new address."""

    slug = bodies.Text(max_length=40)


class NameIn(bodies.In):
    """The school's name, word for word, so that it is the right one."""

    name = bodies.Text(max_length=120)


class EraseIn(NameIn):
    """Why a school ends, and its name."""

    reason = bodies.Text(max_length=300)


class Lives(PlatformDoor):
    """One change each, on one school."""

    resource = "schools"
    lookup_field = "slug"

    def archive(self, call: Call, slug: str) -> HttpResponse:
        """Close a school and put it away in the background: 202, and `state` says when it is archived."""
        school, reason = find(slug), body_of(call, ReasonIn)["reason"]
        lifecycle.ask_to_archive(school_id=school.pk, reason=reason, by=call.caller.user, at=clock.now())
        return written(slug, status=202)

    def bring_back(self, call: Call, slug: str) -> HttpResponse:
        """Open an archived school again, under its id: 202."""
        asking.nothing(call.request)
        lifecycle.ask_to_bring_back(school_id=find(slug).pk, by=call.caller.user, at=clock.now())
        return written(slug, status=202)

    def rename(self, call: Call, slug: str) -> HttpResponse:
        """Give a school another address."""
        school, wanted = find(slug), body_of(call, RenameIn)["slug"]
        renamed = lifecycle.rename(school_id=school.pk, slug=wanted, by=call.caller.user, at=clock.now())
        return written(renamed.slug)

    def ask_erasure(self, call: Call, slug: str) -> HttpResponse:
        """Ask for a school's end."""
        school = find(slug)
        said = body_of(call, EraseIn)
        _named(school, said["name"])
        erasing.ask(school_id=school.pk, reason=said["reason"], by=call.caller.user, at=clock.now())
        return _end(school.pk)

    def confirm_erasure(self, call: Call, slug: str) -> HttpResponse:
        """Agree, as another operator and a person."""
        school = find(slug)
        _named(school, body_of(call, NameIn)["name"])
        erasing.confirm(school_id=school.pk, by=call.caller.user, at=clock.now())
        return _end(school.pk)

    def take_back(self, call: Call, slug: str) -> HttpResponse:
        """Think again."""
        asking.nothing(call.request)
        erasing.take_back(school_id=find(slug).pk, by=call.caller.user, at=clock.now())
        return written(slug)

    def certificate(self, call: Call, school_id: UUID) -> HttpResponse:
        """The signed certificate of a school that was erased."""
        gone = erasing.tombstones().filter(school_id=school_id).first()
        if gone is None:
            raise NotFound("No school was erased under this id.")
        return readable(call, dumps(gone.certificate))


def _named(school: School, name: str) -> None:
    if school.name != name:
        raise DomainError("This is not the school's name.", errors={"name": ["This is not the school's name."]})


def _end(school_id: Any) -> HttpResponse:
    end = erasing.open_of(school_id)
    assert end is not None
    body = {
        "school": str(end.school_id), "slug": end.slug, "reason": end.reason, "asked_by": end.asked_by,
        "asked_at": end.asked_at, "confirmed_by": end.confirmed_by or None, "confirmed_at": end.confirmed_at,
        "due_at": end.due_at,
    }  # fmt: skip
    return HttpResponse(dumps(body), content_type=bodies.JSON, headers={"Cache-Control": "private, no-cache"})
