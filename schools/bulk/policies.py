"""Who may take acts on many records back."""

from identity import roles
from identity.models import User


def may_undo(user: User) -> bool:
    """Sees the history of bulk actions and undoes them."""
    return user.has_role(*roles.OFFICE)
