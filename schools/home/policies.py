"""Who may do what with the school's own settings."""

from identity import roles
from identity.models import User


def may_read_settings(user: User) -> bool:
    """Reads how the school is set up."""
    return user.has_role(*roles.OFFICE)


def may_change_settings(user: User) -> bool:
    """Changes the school's profile, look and calendar."""
    return user.has_role(roles.HEAD)


def may_give_access(user: User) -> bool:
    """Lets programs in, and shows them out."""
    return user.has_role(roles.HEAD)


def may_take_data_out(user: User) -> bool:
    """Takes the whole of the school's data out."""
    return user.has_role(roles.HEAD)


def may_read_trail(user: User) -> bool:
    """Reads who changed what in the whole school."""
    return user.has_role(roles.HEAD)
