"""What a printed QR code holds: which school's which paper, sealed so that nobody makes one up."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import salted_hmac

from core import scope

CARD, LETTER = 1, 2
_SALT = "schools.papers.token"
_SEAL = 10
_LENGTH = 1 + 16 + 16 + _SEAL


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of one school."""

    kind: int
    school: UUID
    id: UUID


def token_of(kind: int, pk: UUID) -> str:
    """The token of a paper of the current school: 58 characters, safe in an address."""
    payload = bytes([kind]) + UUID(scope.current_school().id).bytes + pk.bytes
    return base64.urlsafe_b64encode(payload + _seal(payload)).decode().rstrip("=")


def paper_of(token: str) -> Paper | None:
    """What a token names; None when it was not made by this platform."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    payload, seal = raw[:-_SEAL], raw[-_SEAL:]
    # The last character has bits that decoding drops: only the spelling that we print is ours.
    spelled = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    if spelled != token or len(raw) != _LENGTH or not hmac.compare_digest(seal, _seal(payload)):
        return None
    return Paper(payload[0], UUID(bytes=payload[1:17]), UUID(bytes=payload[17:33]))


def _seal(payload: bytes) -> bytes:
    return salted_hmac(_SALT, payload, algorithm="sha256").digest()[:_SEAL]
