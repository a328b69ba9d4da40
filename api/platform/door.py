"""The operators' road: a key or a session of the platform itself, and the role of an operator."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from api import authentication, throttling
from api.authentication import Caller
from api.door import Call, Door
from api.problems import Problem
from core import cache, clock
from identity import roles
from identity.models import ApiKey
from monitoring import logging as logs


class PlatformDoor(Door):
    """A view of the operators' API. Nothing is answered from memory, so that a key that is ended opens nothing more."""

    schema = None  # the published description is that of a school's API

    def _let_in(self, request: HttpRequest, said: dict[str, str]) -> Call:
        token = authentication.bearer(request)
        caller = _by_key(token) if token else authentication.by_session(request)
        number, left = throttling.window()
        count, _found = cache.glance(throttling.counter(caller.credential, number), 2 * throttling.WINDOW, ["-"])
        said.update(throttling.headers(count, caller.credential, left, number))
        if not caller.user.has_role(roles.OPERATOR):
            raise Problem(403, "not_allowed", "Only operators of the platform may do this.")
        self._tag = ""
        return Call(request=request, caller=caller, shortcut=None)

    def _write(self, call: Call, act: Any, kwargs: dict[str, Any]) -> HttpResponse:
        """The services' own transactions hold; every act of an operator may be sent twice and takes effect once."""
        answer: HttpResponse = act(call, **kwargs)
        return answer


def _by_key(token: str) -> Caller:
    key = (
        ApiKey.objects.select_related("user")
        .filter(digest=authentication.digest_of(token), revoked_at=None, user__is_active=True)
        .first()
    )
    now = clock.now()
    if key is None or (key.expires_at is not None and key.expires_at <= now):
        detail = "This key is not known here, was revoked, or has expired."
        challenge = f'Bearer realm="platform", error="invalid_token", error_description="{detail}"'
        raise Problem(401, "invalid_token", detail, headers={"WWW-Authenticate": challenge})
    if key.last_used_at is None or now - key.last_used_at > authentication.USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    logs.bind(user_id=str(key.user_id))
    user = key.user
    return Caller(known=lambda: user, scopes=frozenset(key.scopes), credential=f"key:{key.pk}")
