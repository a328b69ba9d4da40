"""Signing in and out, and how often one may try."""

import hashlib
from datetime import datetime

from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit import recording as audit
from core import cache, scope
from core.errors import DomainError
from identity.middleware import SCHOOL_KEY
from identity.models import User
from monitoring import metrics

WINDOW_SECONDS = 900
TRIES_PER_NAME_AND_ADDRESS = 8
TRIES_PER_NAME = 30


class TooManyTries(DomainError):
    """This name was tried too often for now."""

    status = 429
    code = "too_many_tries"


class WrongPassword(DomainError):
    """No such user with this password; which of the two is not said."""

    code = "wrong_password"


def sign_in(request: HttpRequest, *, username: str, password: str, at: datetime) -> User:
    """Start a session of this school for the user; raises WrongPassword, or TooManyTries by name and address.

    The limit counts failures of one name from one address, and of one name in all: a school behind one address is not
    locked out by one pupil. While the cache is away nothing is counted.
    """
    user = prove(request, username=username, password=password)
    start(request, user=user, at=at)
    metrics.signed_in("succeeded")
    return user


def prove(request: HttpRequest, *, username: str, password: str) -> User:
    """The user of this name and password, without a session; every failure is counted."""
    keys = _keys(username, str(request.META.get("REMOTE_ADDR", "")))
    tried = cache.get_many(list(keys))
    if any(int(tried.get(key, 0)) >= most for key, most in keys.items()):
        metrics.signed_in("throttled")
        raise TooManyTries(_("Too many tries. Wait 15 minutes, or ask for a new password."))
    user = auth.authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        for key in keys:
            cache.count(key, WINDOW_SECONDS)
        metrics.signed_in("refused")
        raise WrongPassword(_("The name and the password do not go together. Check both and try again."))
    cache.forget(*keys)
    return user


@transaction.atomic
def start(request: HttpRequest, *, user: User, at: datetime) -> None:
    """Begin a session under a new key, bound to the school; whatever was in the browser's old one is not kept."""
    request.session.flush()
    auth.login(request, user, backend="identity.backends.SchoolBackend")
    request.session[SCHOOL_KEY] = scope.current().id
    audit.record("user.signed_in", on=user, by=user, at=at)


def sign_out(request: HttpRequest) -> None:
    """End the session and everything in it."""
    auth.logout(request)


def keep(request: HttpRequest, *, user: User) -> None:
    """Carry this browser over a change of password that ended every other session."""
    auth.update_session_auth_hash(request, user)


def _keys(username: str, address: str) -> dict[str, int]:
    name = hashlib.sha256(username.strip().lower().encode()).hexdigest()[:24]
    return {
        f"tries:{name}:{address}": TRIES_PER_NAME_AND_ADDRESS,
        f"tries:{name}": TRIES_PER_NAME,
    }
