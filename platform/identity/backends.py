"""Proves who somebody is, inside the current schema only."""

from typing import Any

from django.http import HttpRequest

from core import text
from identity.models import Kind, User


class SchoolBackend:
    """Username, e-mail or phone with a password; service accounts never sign in here."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """The active person with this name and password, at the same cost whether the name exists or not."""
        if not username or not password:
            return None
        user = _find(username.strip())
        if user is None:
            User().set_password(password)
            return None
        if user.check_password(password) and user.is_active and user.kind == Kind.PERSON:
            return user
        return None

    def get_user(self, user_id: Any) -> User | None:
        """The active user of a session."""
        return User.objects.filter(pk=user_id, is_active=True).first()


def _find(name: str) -> User | None:
    by_name = User.objects.filter(username__iexact=name).first()
    if by_name is not None:
        return by_name
    if "@" in name:
        found = list(User.objects.filter(email__iexact=name)[:2])
    else:
        try:
            found = list(User.objects.filter(phone=text.phone(name))[:2])
        except ValueError:
            return None
    return found[0] if len(found) == 1 else None
