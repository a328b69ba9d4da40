"""The link of one confirmation: sealed for its school, good while the round is open."""

from uuid import UUID

from django.conf import settings
from django.core import signing

from core import scope

_SALT = "schools.families.confirm"


def link_of(confirmation_id: UUID) -> str:
    """The address that goes to the guardian."""
    here = scope.current()
    host = here.host or f"{here.slug}.{settings.PLATFORM_DOMAIN}"
    return f"{settings.SCHEME}://{host}{settings.PORT_SUFFIX}/confirm/{token_of(confirmation_id)}/"


def token_of(confirmation_id: UUID) -> str:
    """The token of a confirmation of the current school."""
    return signing.dumps(confirmation_id.hex, salt=f"{_SALT}:{scope.current_school().id}")


def id_of(token: str) -> UUID | None:
    """Which confirmation a token names; None when this school did not seal it."""
    try:
        return UUID(signing.loads(token, salt=f"{_SALT}:{scope.current_school().id}"))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
