"""The one road of every API request: caller, rate, scope, then a resource's own act; every refusal a problem document.

The framework's viewsets describe the resources; their dispatch is replaced by this one, which costs a third.
"""

import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import viewsets

from api import authentication, bodies, etags, idempotency, problems, throttling
from api.authentication import Caller
from api.problems import Problem
from core import cache
from core.errors import NotAllowed
from identity.models import User

log = logging.getLogger("shule.api")
VARY = "Authorization, Cookie, Accept-Encoding"
READ_HEADERS = {"Cache-Control": "private, no-cache", "Vary": VARY}
READS = ("GET", "HEAD")


@dataclass(slots=True)
class Call:
    """One request whose caller is known and let in."""

    request: HttpRequest
    caller: Caller
    shortcut: etags.Shortcut | None


class Door(viewsets.ViewSet):
    """A view of the API: subclasses define list, retrieve, create, partial_update or actions of their own on a Call."""

    resource: ClassVar[str] = ""
    rooms: ClassVar[tuple[str, ...]] = ("identity", "people", "academics")
    field_names: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def as_view(cls, actions: Any = None, **initkwargs: Any) -> Any:
        """The view, marked for the permission table: open to whoever has a credential.

        The framework's own view is kept for what describes the API; ours leaves out what its dispatch would need.
        """
        described = super().as_view(actions, **initkwargs)
        acts = {"head": actions["get"], **actions} if "get" in actions else actions

        @functools.wraps(described)
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            door = cls(**initkwargs)
            door.action_map = acts
            return door.dispatch(request, *args, **kwargs)

        view.access = with_credential  # type: ignore[attr-defined]
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, whatever happens."""
        said: dict[str, str] = {}
        try:
            answer = self._answer(request, kwargs, said)
        except Exception as error:
            # Every failure leaves this door as a problem document.
            answer = problems.answer(request, problems.of(error, names=self.field_names))
            answer["Vary"] = VARY
        for name, value in said.items():
            answer[name] = value
        if request.method == "HEAD":
            answer["Content-Length"] = str(len(answer.content))
            answer.content = b""
        return answer

    def _answer(self, request: HttpRequest, kwargs: dict[str, Any], said: dict[str, str]) -> HttpResponse:
        method = request.method or ""
        self.action = self.action_map.get(method.lower(), "") or ""
        if method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": self._allowed(), "Vary": VARY})
        if not self.action:
            raise Problem(
                405, "method_not_allowed", f"{method} is not possible here.", headers={"Allow": self._allowed()}
            )
        call = self._let_in(request, said)
        if self.resource:
            call.caller.require(f"{self.resource}:{'read' if method in READS else 'write'}")
        if call.shortcut is not None:
            tag = self._unchanged(call)
            if tag:
                return not_modified(tag)
        act: Callable[..., HttpResponse] = getattr(self, self.action)
        if method in READS:
            return act(call, **kwargs)
        return self._write(call, act, kwargs)

    def _let_in(self, request: HttpRequest, said: dict[str, str]) -> Call:
        """Who calls, counted; one round trip to the cache for the caller, the counter and the validator's note."""
        token = authentication.bearer(request)
        number, left = throttling.window()
        digest = authentication.digest_of(token) if token else ""
        caller = None if token else authentication.by_session(request)
        who = digest[:32] or (caller.credential if caller else "")
        keys = list(authentication.kept_keys(digest)) if token else []
        split = len(keys)
        shortcut = None
        if etags.held(request):
            shortcut = etags.Shortcut(f"{who} {_question(request)}", self.rooms)
            keys += shortcut.keys
        count, found = cache.glance(throttling.counter(who, number), 2 * throttling.WINDOW, keys or ["-"])
        said.update(throttling.headers(count, who, left, number))
        if caller is None:
            caller = authentication.by_token(token, digest, found[:split])
        call = Call(request=request, caller=caller, shortcut=shortcut)
        self._tag = shortcut.tag(found[split:]) if shortcut is not None else ""
        return call

    def _unchanged(self, call: Call) -> str:
        if self._tag and etags.matches(etags.held(call.request), self._tag):
            return self._tag
        assert call.shortcut is not None
        call.shortcut.begin()
        return ""

    def _write(self, call: Call, act: Callable[..., HttpResponse], kwargs: dict[str, Any]) -> HttpResponse:
        """All of a write or none of it; with an Idempotency-Key its answer is kept in the same transaction."""
        key = idempotency.key_of(call.request) if call.request.method == "POST" else ""
        if not key:
            with transaction.atomic():
                return act(call, **kwargs)
        bodies.check_size(call.request)
        owner, path = call.caller.credential, call.request.path
        row, answer = idempotency.begin(owner=owner, path=path, key=key, body=call.request.body)
        if answer is not None:
            return answer
        try:
            with transaction.atomic():
                answer = act(call, **kwargs)
                idempotency.finish(row, answer)
        except Exception as error:
            # A refusal is an answer too, and is replayed as one.
            answer = problems.answer(call.request, problems.of(error, names=self.field_names))
            idempotency.finish(row, answer)
        return answer

    def _allowed(self) -> str:
        return ", ".join(sorted({*(name.upper() for name in self.action_map), "OPTIONS"}))


def _question(request: HttpRequest) -> str:
    """The address as it was asked: everything of a request, but its caller, that an answer depends on."""
    asked = request.META
    return f"{request.scheme}://{asked.get('HTTP_HOST', '')}{request.path}?{asked.get('QUERY_STRING', '')}"


def dumps(body: Any) -> bytes:
    """An answer that is not a page of rows, as JSON."""
    return orjson.dumps(body)


def readable(call: Call, body: bytes, *, version: str = "", tag: str = "") -> HttpResponse:
    """A read with its validator: 304 when the reader holds it already."""
    tag = tag or etags.of_bytes(body, version)
    held = etags.held(call.request)
    if held:
        if call.shortcut is not None:
            call.shortcut.note(tag)
        if etags.matches(held, tag):
            return not_modified(tag)
    return HttpResponse(body, content_type=bodies.JSON, headers={**READ_HEADERS, "ETag": tag})


def not_modified(tag: str) -> HttpResponse:
    """304: what the reader holds is current."""
    answer = HttpResponse(status=304, content_type=bodies.JSON, headers={**READ_HEADERS, "ETag": tag})
    del answer["Content-Type"]
    return answer


def with_credential(user: User) -> bool:
    """The policy of every address of the API: a key, a token or a session; what it shows is for `visible_to`."""
    return bool(user.pk)


def allow(holds: bool) -> None:
    """Refuse what the policy of the domain refuses."""
    if not holds:
        raise NotAllowed("Your account may not do this.")
