"""Who may do what with curricula, options and courses."""

from identity import roles
from identity.models import User
from schools.academics import policies as academics
from schools.people import policies as people


def may_read(user: User) -> bool:
    """Reads what is taught when: everybody who works here."""
    return people.is_staff(user)


def may_shape(user: User) -> bool:
    """Writes versions, blocks and courses, and places students."""
    return academics.may_change_classes(user)


def may_choose(user: User) -> bool:
    """Chooses options: a student for themselves, a guardian for a child."""
    return user.has_role(roles.STUDENT, roles.GUARDIAN)
