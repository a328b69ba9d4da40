"""Who may print and sign what."""

from identity import roles
from identity.models import User


def may_print(user: User) -> bool:
    """Prints cards, lists and labels."""
    return user.has_role(*roles.OFFICE)


def may_issue(user: User) -> bool:
    """Issues letters and changes their templates."""
    return user.has_role(*roles.OFFICE)


def may_read_letters(user: User) -> bool:
    """Opens a letter; which ones is for `queries.letters_visible_to`."""
    return user.has_role(*roles.OFFICE, roles.GUARDIAN, roles.STUDENT)
