"""Links that prove an invitation or a reset: signed for one school, one user, one password state."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from core import scope
from identity.models import Kind, User


class _LinkTokens(PasswordResetTokenGenerator):
    key_salt = "identity.links"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{scope.current().id}{super()._make_hash_value(user, timestamp)}{user.session_epoch}"


_tokens = _LinkTokens()


def link_token(user: User) -> str:
    """A token for one user of the current school; it dies with its use, a sign-in, or PASSWORD_RESET_TIMEOUT."""
    return f"{urlsafe_base64_encode(user.pk.bytes)}.{_tokens.make_token(user)}"


def user_for(token: str) -> User | None:
    """The person a token was made for in this school, or None."""
    encoded, _dot, proof = token.partition(".")
    try:
        pk = urlsafe_base64_decode(encoded).hex()
    except ValueError:
        return None
    if len(pk) != 32:
        return None
    user = User.objects.filter(pk=pk, is_active=True, kind=Kind.PERSON).first()
    return user if user is not None and _tokens.check_token(user, proof) else None
