"""Who may do what with proposals and rounds."""

from identity import roles
from identity.models import User
from schools.people import policies as people


def may_propose(user: User) -> bool:
    """Proposes changes of the own family's details."""
    return user.has_role(roles.GUARDIAN)


def may_decide(user: User) -> bool:
    """Accepts or refuses proposals, and asks everybody to confirm."""
    return people.is_office(user)
