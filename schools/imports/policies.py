"""Who may bring lists into the school."""

from identity import roles
from identity.models import User


def may_set_limit(user: User) -> bool:
    """Says how much of a list one file may end."""
    return user.has_role(roles.HEAD)


def may_import(user: User) -> bool:
    """Brings in, looks at and undoes imports."""
    return user.has_role(*roles.OFFICE)
