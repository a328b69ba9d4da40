"""Who may do what with applications."""

from identity import roles
from identity.models import User


def may_admit(user: User) -> bool:
    """Sees applications and forms, moves and admits."""
    return user.has_role(*roles.OFFICE)


def may_override(user: User) -> bool:
    """Offers a place where there is none."""
    return user.has_role(roles.HEAD)
