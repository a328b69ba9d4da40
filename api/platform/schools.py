"""/schools/ — the schools of the platform: list, set up, suspend, resume."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

from api import asking, bodies, filters, pagination
from api.door import Call, dumps, readable
from api.platform.door import PlatformDoor
from api.resource import base_of
from core import clock
from core.errors import NotFound
from tenants import lifecycle, provisioning, queries
from tenants.models import School, SchoolKind, State, Usage

ORDERINGS = {"name": "name", "slug": "slug", "created_at": "created_at"}
FILTERS = {"state": filters.word("In this state.", State.choices, filters.by("state"))}
COLUMNS = (
    "id", "slug", "name", "state", "state_reason", "step", "error", "url", "kind", "head_name", "head_email", "usage",
    "created_at", "live_at", "suspended_at",
)  # fmt: skip


class NewSchoolIn(bodies.In):
    """A school to set up."""

    name = bodies.Text(max_length=120)
    slug = bodies.Text(max_length=40)
    kind = serializers.ChoiceField(choices=SchoolKind.choices, required=False)
    head_name = bodies.Text(max_length=120, required=False, allow_blank=True)
    head_email = bodies.Text(max_length=254, required=False, allow_blank=True)


class ReasonIn(bodies.In):
    """Why; the people of the school read it."""

    reason = bodies.Text(max_length=300)


class Schools(PlatformDoor):
    """Every school, by its slug."""

    resource = "schools"
    lookup_field = "slug"

    def list(self, call: Call) -> HttpResponse:
        """A page of schools, with what they use as last counted."""
        request = call.request
        asked = asking.of_list(request, filters=FILTERS, orderings=tuple(ORDERINGS), columns=COLUMNS)
        order = pagination.order_of(asked.ordering or ("name",), ORDERINGS)
        mark = pagination.fingerprint(self.resource, request.GET.dict())
        found: Any = queries.schools(search=asked.search)
        for name, value in asked.filters.items():
            found = FILTERS[name].narrow(found, value)
        body: dict[str, Any] = {"count": found.count()} if asked.count else {}
        cursor = pagination.read(asked.cursor, mark=mark, model=School, order=order) if asked.cursor else None
        here = pagination.from_here(found, order, cursor) if cursor else found
        back = cursor is not None and cursor.back
        rows = list(here.order_by(*order.clauses(reverse=back))[: asked.page_size + 1])
        more, rows = len(rows) > asked.page_size, rows[: asked.page_size]
        if back:
            rows.reverse()

        def at(row: School, *, before: bool) -> str:
            keys = [str(_plain(getattr(row, path))) for path in order.paths]
            return pagination.address(request, pagination.write(keys, back=before, mark=mark))

        ahead, behind = (bool(rows), more) if back else (more, cursor is not None and bool(rows))
        body["next"] = at(rows[-1], before=False) if ahead else None
        body["previous"] = at(rows[0], before=True) if behind else None
        body["results"] = [_shown(row, asked.fields) for row in rows]
        return readable(call, dumps(body))

    def create(self, call: Call) -> HttpResponse:
        """Ask for a school: 202, and its state is read at the address in Location. Twice is once."""
        facts = body_of(call, NewSchoolIn)
        kind = facts.pop("kind", "")
        school = provisioning.request(
            slug=facts["slug"],
            name=facts["name"],
            head_name=facts.get("head_name", ""),
            head_email=facts.get("head_email", ""),
            facts={"kind": kind} if kind else None,
            by=call.caller.user,
            at=clock.now(),
        )
        where = f"{base_of(call.request)}/api/platform/v1/schools/{school.slug}/"
        return written(school.slug, status=202, headers={"Location": where})

    def retrieve(self, call: Call, slug: str) -> HttpResponse:
        """One school; while it is set up, `step` is the last one done and `error` says what stopped the next."""
        fields = asking.of_one(call.request, columns=COLUMNS)
        school = find(slug)
        return readable(call, dumps(_shown(school, fields)), version=school.version)

    def retry(self, call: Call, slug: str) -> HttpResponse:
        """Go on with a set-up that failed, from the step that it reached: 202."""
        asking.nothing(call.request)
        provisioning.retry(school_id=find(slug).pk, by=call.caller.user, at=clock.now())
        return written(slug, status=202)

    def suspend(self, call: Call, slug: str) -> HttpResponse:
        """Close a school at once on every surface."""
        school = find(slug)
        reason = body_of(call, ReasonIn)["reason"]
        lifecycle.suspend(school_id=school.pk, reason=reason, by=call.caller.user, at=clock.now())
        return written(slug)

    def read_only(self, call: Call, slug: str) -> HttpResponse:
        """Refuse every write of a school."""
        school = find(slug)
        reason = body_of(call, ReasonIn)["reason"]
        lifecycle.make_read_only(school_id=school.pk, reason=reason, by=call.caller.user, at=clock.now())
        return written(slug)

    def resume(self, call: Call, slug: str) -> HttpResponse:
        """Open a suspended or read-only school again."""
        asking.nothing(call.request)
        lifecycle.resume(school_id=find(slug).pk, by=call.caller.user, at=clock.now())
        return written(slug)


def find(slug: str) -> School:
    """The school of an address; raises NotFound."""
    school = queries.by_slug(slug)
    if school is None:
        raise NotFound("No school has this slug.")
    return school


def body_of(call: Call, accepted: type[bodies.In]) -> dict[str, Any]:
    """What was sent, checked."""
    asking.nothing(call.request)
    serializer: serializers.Serializer[Any] = accepted(data=bodies.read(call.request))
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def written(slug: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The school as it now is."""
    body = dumps(_shown(find(slug), ()))
    about = {"Cache-Control": "private, no-cache", **(headers or {})}
    return HttpResponse(body, status=status, content_type=bodies.JSON, headers=about)


def _shown(school: School, fields: tuple[str, ...]) -> dict[str, Any]:
    usage: Usage | None = getattr(school, "usage", None)
    shown = {
        "id": str(school.pk),
        "slug": school.slug,
        "name": school.name,
        "state": school.state,
        "state_reason": school.state_reason,
        "step": school.step,
        "error": school.error,
        "url": queries.address(school),
        "kind": school.facts.get("kind"),
        "head_name": school.head_name,
        "head_email": school.head_email,
        "usage": _usage(usage) if usage is not None else None,
        "created_at": school.created_at,
        "live_at": school.live_at,
        "suspended_at": school.suspended_at,
    }
    return {name: shown[name] for name in fields} if fields else shown


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "students": usage.students,
        "staff": usage.staff,
        "active_users": usage.active_users,
        "storage_bytes": usage.storage_bytes,
        "last_sign_in_at": usage.last_sign_in_at,
        "taken_at": usage.taken_at,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
