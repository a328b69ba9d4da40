"""Where providers call back: on the platform's own host, by a token that nobody can guess and that names the school."""

import re
import secrets

from core import scope
from tenants import context
from tenants.models import Callback, School

_TOKEN = re.compile(r"^[0-9a-f]{32}$")


def token_of(purpose: str) -> str:
    """The current school's token (32 hex digits) for a purpose such as `sms`, made when it is first asked for."""
    school = scope.current_school()
    with context.in_public():
        row, _made = Callback.objects.get_or_create(
            school_id=school.id, purpose=purpose, defaults={"token": secrets.token_hex(16)}
        )
        return row.token


def known_token(purpose: str) -> str:
    """The token where there is one, else nothing: reading makes none."""
    school = scope.current_school()
    with context.in_public():
        found = Callback.objects.filter(school_id=school.id, purpose=purpose).values_list("token", flat=True).first()
        return found or ""


def school_of(token: str, purpose: str) -> School | None:
    """Whose token it is; None for one that nobody has."""
    if not _TOKEN.match(token):
        return None
    with context.in_public():
        row = Callback.objects.filter(token=token, purpose=purpose).select_related("school").first()
        return row.school if row else None
