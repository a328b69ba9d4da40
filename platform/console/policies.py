"""Who may open the console."""

from identity import roles
from identity.models import User


def may_operate(user: User) -> bool:
    """Operators of the platform; nobody of a school is one."""
    return user.has_role(roles.OPERATOR)
