"""Who may carry a school into its next year."""

from identity import roles
from identity.models import User


def may_plan(user: User) -> bool:
    """Plans a sweep and decides for single students."""
    return user.has_role(*roles.OFFICE)


def may_carry_out(user: User) -> bool:
    """Carries a sweep out."""
    return user.has_role(roles.HEAD)
