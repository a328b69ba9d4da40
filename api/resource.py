"""A collection of the API: its rows for this caller, its columns, filters and orders; list and one are shared."""

import functools
import time
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from api import asking, bodies, etags, pagination, problems, rendering
from api.asking import Asked
from api.door import Call, Door, readable
from api.filters import Filter
from api.problems import Problem
from api.rendering import Statement
from core.models import SchoolModel
from identity.models import User

M = TypeVar("M", bound=SchoolModel)
MOST_PLANS = 2000
ANY = uuid.UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")  # stands for the id in a plan that is kept
PLAN_SECONDS = 900  # what "today" means may be part of a plan


class Resource(Door):
    """Subclasses say what they show; what they accept are further acts of their own."""

    out: ClassVar[type[bodies.Out]]
    model: ClassVar[type[Model]]
    filters: ClassVar[Mapping[str, Filter]] = {}
    search_about: ClassVar[str] = ""
    orderings: ClassVar[dict[str, str]] = {}
    ordering: ClassVar[tuple[str, ...]] = ()
    lookup_field = "id"

    def rows(self, user: User) -> QuerySet[Any, Any]:
        """The rows that a user may see: the domain's own `visible_to`."""
        raise NotImplementedError

    def search(self, rows: QuerySet[Any, Any], words: str) -> QuerySet[Any, Any]:
        """The rows that hold these words, in the way that `search_about` says."""
        raise NotImplementedError

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """Each field of `out` as an expression; `base` is the address of the school."""
        raise NotImplementedError

    def list(self, call: Call) -> HttpResponse:
        """A page."""
        request = call.request
        plan_key = (
            self.resource,
            call.caller.likeness,
            base_of(request),
            request.META.get("QUERY_STRING", ""),
            int(time.time() // PLAN_SECONDS),
        )
        plan = _plans.get(plan_key) if call.caller.sees_all else None
        number = None
        if plan is None:
            rows = self.rows(call.caller.user)
            unlimited = call.caller.sees_all and not rows.query.where
            asked = self._asked(request)
            order = pagination.order_of(asked.ordering or self.ordering, self.orderings)
            mark = pagination.fingerprint(self.resource, request.GET.dict())
            narrowed = self._narrow(rows, asked)
            cursor = None
            here = narrowed
            if asked.cursor:
                cursor = pagination.read(asked.cursor, mark=mark, model=self.model, order=order)
                here = pagination.from_here(narrowed, order, cursor)
            columns = self._wanted(call, asked.fields)
            back = cursor is not None and cursor.back
            statement = rendering.page(here, columns, order, size=asked.page_size, back=back)
            plan = (statement, mark, cursor is not None, back)
            if asked.count:
                number = narrowed.order_by().count()
            elif unlimited:
                if len(_plans) >= MOST_PLANS:
                    _plans.clear()
                _plans[plan_key] = plan
        body, tag = self._page(request, *plan, number=number)
        return readable(call, body, tag=tag)

    def retrieve(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """One thing, with its version."""
        fields = asking.of_one(call.request, columns=names_of(self.out))
        found = self._one(call, key_of(id), fields)
        if found is None:
            raise not_found()
        body, version = found
        return readable(call, body, version=version)

    def find(self, call: Call, id: str) -> Any:  # noqa: A002 - the address's own word
        """The row itself, for an act on it; raises 404, and 412 when If-Match names another version."""
        row = self.rows(call.caller.user).filter(pk=key_of(id)).first()
        if row is None:
            raise not_found()
        etags.expected(call.request, row.version)
        return row

    def written(self, call: Call, row: SchoolModel, *, status: int = 200) -> HttpResponse:
        """The row as it is after a write, with its new version and, when it is new, its address."""
        found = self._one(call, row.pk, ())
        if found is None:
            raise not_found()
        body, version = found
        headers = {"Cache-Control": "private, no-cache", "ETag": etags.of_bytes(body, version)}
        if status == 201:
            headers["Location"] = f"{base_of(call.request)}/api/v1/{self.resource}/{row.pk}/"
        return HttpResponse(body, status=status, content_type=bodies.JSON, headers=headers)

    def body(self, call: Call, accepted: type[bodies.In], *, partial: bool = False) -> dict[str, Any]:
        """The body, checked; raises 400 naming every field that is wrong."""
        asking.nothing(call.request)
        serializer = accepted(data=bodies.read(call.request), partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _page(
        self,
        request: HttpRequest,
        statement: Statement | None,
        mark: str,
        by_cursor: bool,
        back: bool,
        *,
        number: int | None,
    ) -> tuple[bytes, str]:
        page = statement.page() if statement is not None else rendering.EMPTY
        following = previous = b"null"
        first, last = page.first, page.last
        if page.text:
            if back:
                following = _address(request, first, back=False, mark=mark)
                previous = _address(request, last, back=True, mark=mark) if page.more else previous
            else:
                following = _address(request, last, back=False, mark=mark) if page.more else following
                previous = _address(request, first, back=True, mark=mark) if by_cursor else previous
        counted = b"" if number is None else b'"count":%d,' % number
        around = b'{%b"next":%b,"previous":%b,"results":[' % (counted, following, previous)
        return b"%b%b]}" % (around, page.text), etags.of_bytes(around, digest=page.digest)

    def _asked(self, request: HttpRequest) -> Asked:
        asked = asking.of_list(
            request, filters=self.filters, orderings=tuple(self.orderings), columns=names_of(self.out)
        )
        if asked.search and not self.search_about:
            raise problems.wrong({"search": ["This list cannot be searched."]}, code="invalid_query")
        return asked

    def _narrow(self, rows: QuerySet[Any, Any], asked: Asked) -> QuerySet[Any, Any]:
        for name, value in asked.filters.items():
            rows = self.filters[name].narrow(rows, value)
        return self.search(rows, asked.search) if asked.search else rows

    def _wanted(self, call: Call, fields: tuple[str, ...]) -> dict[str, Any]:
        columns = self.columns(call.caller.user, base_of(call.request))
        return {name: columns[name] for name in fields} if fields else columns

    def _one(self, call: Call, key: uuid.UUID, fields: tuple[str, ...]) -> tuple[bytes, str] | None:
        base = base_of(call.request)
        plan_key = (self.resource, call.caller.likeness, base, fields, int(time.time() // PLAN_SECONDS))
        plan = _plans_of_one.get(plan_key) if call.caller.sees_all else None
        if plan is None:
            rows = self.rows(call.caller.user)
            unlimited = call.caller.sees_all and not rows.query.where
            plan = rendering.one(rows.filter(pk=ANY if unlimited else key), self._wanted(call, fields))
            if plan is None:
                return None
            if not unlimited:
                return plan.one()
            if len(_plans_of_one) >= MOST_PLANS:
                _plans_of_one.clear()
            _plans_of_one[plan_key] = plan
        return plan.one_of(ANY, key)


Plan = tuple[Statement | None, str, bool, bool]
_plans: dict[tuple[str, str, str, str, int], Plan] = {}
_plans_of_one: dict[tuple[str, str, str, tuple[str, ...], int], Statement] = {}


@functools.cache
def names_of(out: type[bodies.Out]) -> tuple[str, ...]:
    """The fields of a resource, in order."""
    return tuple(out().fields)


def base_of(request: HttpRequest) -> str:
    """The address that the caller used: scheme, host and port."""
    return f"{request.scheme}://{request.META.get('HTTP_HOST', '')}"


def key_of(text: str) -> uuid.UUID:
    """An id out of an address; what is no id is not found."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise not_found() from None


def not_found() -> Problem:
    """404: there is none, or none for this caller; which of the two is not told."""
    return Problem(404, "not_found", "Nothing is here, or nothing that you may see.")


def refer(rows: QuerySet[M, Any], key: uuid.UUID | None, field: str) -> Any:
    """The row that a body's field refers to, among those the caller sees; raises 400 naming the field."""
    if key is None:
        return None
    found = rows.filter(pk=key).first()
    if found is None:
        raise problems.wrong({field: ["There is none with this id."]})
    return found


def refer_many(rows: QuerySet[M, Any], keys: "list[uuid.UUID]", field: str) -> "list[M]":
    """The same for a list of ids."""
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    missing = [str(key) for key in keys if key not in found]
    if missing:
        raise problems.wrong({field: [f"There is none with the id {key}." for key in missing[:10]]})
    return list(found.values())


def _address(request: HttpRequest, keys: "list[str] | None", *, back: bool, mark: str) -> bytes:
    if keys is None:
        return b"null"
    address = pagination.address(request, pagination.write(keys, back=back, mark=mark))
    return b'"%b"' % address.replace("\\", "%5C").replace('"', "%22").encode()
