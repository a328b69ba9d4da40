"""Who may do what with years, classes, subjects and enrolments."""

from identity import roles
from identity.models import User


def may_list_classes(user: User) -> bool:
    """Opens the list of classes; which ones is for `queries.visible_to`."""
    return user.has_role(*roles.STAFF)


def may_open_class(user: User) -> bool:
    """Opens a class's page with its roll and contacts."""
    return user.has_role(*roles.STAFF)


def may_change_classes(user: User) -> bool:
    """Opens and changes classes, subjects and teaching groups."""
    return user.has_role(*roles.OFFICE)


def may_enrol(user: User) -> bool:
    """Enrols, moves and releases students."""
    return user.has_role(*roles.OFFICE)


def may_change_calendar(user: User) -> bool:
    """Changes years, terms and holidays."""
    return user.has_role(*roles.OFFICE)
