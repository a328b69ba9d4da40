"""Who may do what with transfers."""

from identity import roles
from identity.models import User
from schools.people import policies as people


def may_prepare(user: User) -> bool:
    """Begins a transfer, sees all of them, and takes in who comes."""
    return people.is_office(user)


def may_agree(user: User) -> bool:
    """Speaks for the school: approves who goes, agrees to who comes."""
    return user.has_role(roles.HEAD)
