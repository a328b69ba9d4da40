"""Who may take lists home; which ones is for each list."""

from identity import roles
from identity.models import User


def may_export(user: User) -> bool:
    """Takes some list home."""
    return user.has_role(*roles.STAFF)
