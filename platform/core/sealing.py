"""Secrets at rest: encrypted with a key made from SECRET_KEY; keys that were replaced still open what they closed."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class NotOurs(ValueError):
    """Closed with a key that this platform does not know (any more)."""


def close(plain: str) -> str:
    """Encrypt (Fernet: AES-128-CBC and HMAC-SHA256) with the newest key."""
    return _keys().encrypt(plain.encode()).decode()


def open_(sealed: str) -> str:
    """What was closed; raises NotOurs."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise NotOurs("This secret was closed with another key.") from None


def renew(sealed: str) -> str:
    """The same secret under the newest key; raises NotOurs."""
    return close(open_(sealed))


def _keys() -> MultiFernet:
    words = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"sealing {w}".encode()).digest())) for w in words]
    )
