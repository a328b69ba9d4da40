"""Who calls: an API key, an OAuth 2 token, or a signed-in person; looked up in the school of the host and nowhere else.

What a key or token stands for is kept in the cache for a minute, bound to the version of the school's accounts: any
change of a key, client, role or account makes the kept word worthless at once. Without the cache it is read anew.
"""

import functools
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from oauth2_provider.models import AccessToken

from api.problems import Problem
from core import cache, clock
from identity.models import ApiKey, User
from monitoring import logging as logs
from monitoring import metrics
from schools.people import policies as people

KEPT_SECONDS = 60
USED_EVERY = timedelta(minutes=5)
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass
class Caller:
    """Somebody who has proved who they are, and what their key or token is limited to (None: a person, not limited).

    Where a resource is not narrowed for somebody who sees all, it is the same for everybody of their `likeness`.
    """

    known: Callable[[], User]
    scopes: frozenset[str] | None
    credential: str
    sees_all: bool = False
    likeness: str = ""

    @functools.cached_property
    def user(self) -> User:
        """The account; built when somebody asks, which an answer from memory does not."""
        return self.known()

    def require(self, scope: str) -> None:
        """Refuse a key or token without this scope."""
        if self.scopes is not None and scope not in self.scopes:
            raise Problem(
                403,
                "insufficient_scope",
                f"This key or token does not carry the scope {scope}.",
                headers={"WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'},
            )


def bearer(request: HttpRequest) -> str:
    """The token of the Authorization header; empty without one. Raises 401 for another scheme or a malformed one."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return ""
    scheme, _space, token = header.partition(" ")
    token = str(token).strip()
    if scheme.lower() != "bearer" or not 8 <= len(token) <= 512 or not token.isascii():
        raise _invalid("Send the header as: Authorization: Bearer <key or token>.")
    return token


def digest_of(token: str) -> str:
    """How a key or token is kept and looked up: SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def kept_keys(digest: str) -> tuple[str, ...]:
    """Where `core.cache.glance` finds what a token stands for, and the version that it is bound to."""
    return (f"caller:{digest}", cache.version_key("identity"))


def by_token(token: str, digest: str, kept: list[bytes | None]) -> Caller:
    """The caller behind a key or token, out of what `glance` read or else the database; raises 401."""
    word, version = kept
    if word is not None and version is not None and version != cache.BEING_WRITTEN:
        known = orjson.loads(word)
        if known["version"] == version.decode():
            metrics.cache_hit()
            return _caller(known)
    metrics.cache_miss()
    current = cache.version("identity")
    known = _known(token, digest)
    if known is None:
        raise _invalid("This key or token is not known here, was revoked, or has expired.")
    if current is not None:
        known["version"] = current.decode()
        cache.keep_raw(f"caller:{digest}", orjson.dumps(known), KEPT_SECONDS)
    return _caller(known)


def by_session(request: HttpRequest) -> Caller:
    """The signed-in person, whose writes must carry the CSRF token; raises 401 or 403."""
    user = request.user
    if not isinstance(user, User):
        raise Problem(
            401,
            "not_authenticated",
            "Send an API key or an access token, or sign in.",
            headers={"WWW-Authenticate": 'Bearer realm="api"'},
        )
    if request.method not in SAFE:
        reason = _csrf_reason(request)
        if reason:
            raise Problem(403, "csrf_failed", f"The CSRF token is missing or wrong: {reason}")
    return Caller(
        known=lambda: user, scopes=None, credential=f"user:{user.pk}", sees_all=people.sees_all(user),
        likeness=_likeness(user),
    )  # fmt: skip


def _likeness(user: User) -> str:
    return f"{user.kind}:{','.join(sorted(user.roles))}"


def _known(token: str, digest: str) -> dict[str, Any] | None:
    now = clock.now()
    if token.startswith("sk_"):
        key = ApiKey.objects.select_related("user").filter(digest=digest, revoked_at=None, user__is_active=True).first()
        if key is None or (key.expires_at is not None and key.expires_at <= now):
            return None
        if key.last_used_at is None or now - key.last_used_at > USED_EVERY:
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
        return _said(key.user, key.scopes, f"key:{key.pk}", key.expires_at.timestamp() if key.expires_at else None)
    found = (
        AccessToken.objects.select_related("application__user")
        .filter(token_checksum=digest, expires__gt=now, application__revoked_at=None)
        .first()
    )
    if found is None or found.application is None or found.application.user is None:
        return None
    user = found.application.user
    if not user.is_active:
        return None
    granted = set(found.scope.split()) & set(found.application.scopes)
    return _said(user, sorted(granted), f"client:{found.application.pk}", found.expires.timestamp())


def _said(user: User, scopes: list[str], credential: str, expires: float | None) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "username": user.username,
        "full_name": user.full_name,
        "roles": user.roles,
        "kind": user.kind,
        "language": user.language,
        "sees_all": people.sees_all(user),
        "likeness": _likeness(user),
        "scopes": scopes,
        "credential": credential,
        "expires": expires,
    }


def _caller(known: dict[str, Any]) -> Caller:
    if known["expires"] is not None and known["expires"] <= time.time():
        raise _invalid("This key or token has expired.")
    logs.bind(user_id=known["id"])
    return Caller(
        known=lambda: _user(known),
        scopes=frozenset(known["scopes"]),
        credential=known["credential"],
        sees_all=known["sees_all"],
        likeness=known["likeness"],
    )


def _user(known: dict[str, Any]) -> User:
    user = User(
        id=UUID(known["id"]),
        username=known["username"],
        full_name=known["full_name"],
        roles=known["roles"],
        kind=known["kind"],
        language=known["language"],
    )
    user._state.adding = False
    return user


def _invalid(detail: str) -> Problem:
    challenge = f'Bearer realm="api", error="invalid_token", error_description="{detail}"'
    return Problem(401, "invalid_token", detail, headers={"WWW-Authenticate": challenge})


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _csrf_reason(request: HttpRequest) -> str:
    check = _Csrf(lambda request: None)  # type: ignore[arg-type]
    check.process_request(request)
    return str(check.process_view(request, None, (), {}) or "")  # type: ignore[arg-type]
