"""Signing in and out, and how often one may try."""

import hashlib
from django.contrib import auth
from django.http import HttpRequest

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


def sign_in(request: HttpRequest, *, username: str, password: str) -> User:
    """Start a session of this school for the user; raises WrongPassword, or TooManyTries by name and address.

    The limit counts failures of one name from one address, and of one name in all: a school behind one address is not
    locked out by one pupil. While the cache is away nothing is counted.
    """
    keys = _keys(username, str(request.META.get("REMOTE_ADDR", "")))
    tried = cache.get_many(list(keys))
    if any(int(tried.get(key, 0)) >= most for key, most in keys.items()):
        metrics.signed_in("throttled")
        raise TooManyTries("Too many tries. Wait 15 minutes, or reset your password.")
    user = auth.authenticate(request, username=username, password=password)
    if user is None:
        for key in keys:
            cache.count(key, WINDOW_SECONDS)
        metrics.signed_in("refused")
        raise WrongPassword("The name and the password do not go together. Check both and try again.")
    auth.login(request, user)
    request.session[SCHOOL_KEY] = scope.current().id
    metrics.signed_in("succeeded")
    return user


def sign_out(request: HttpRequest) -> None:
    """End the session and everything in it."""
    auth.logout(request)


def _keys(username: str, address: str) -> dict[str, int]:
    name = hashlib.sha256(username.strip().lower().encode()).hexdigest()[:24]
    return {
        f"tries:{name}:{address}": TRIES_PER_NAME_AND_ADDRESS,
        f"tries:{name}": TRIES_PER_NAME,
    }
