"""Who may do what with a school's own facts."""

from identity import roles
from identity.models import User
from schools.details.choices import Audience
from schools.people import policies as people


def may_shape(user: User) -> bool:
    """Decides which fields, houses and numbers the school has."""
    return people.is_office(user)


def may_change(user: User) -> bool:
    """Writes what is noted of a student."""
    return people.may_change_student(user)


def audiences_of(user: User) -> list[str]:
    """The audiences that somebody belongs to."""
    if people.is_office(user) or (people.sees_all(user) and not user.has_role(roles.BURSAR)):
        return [Audience.OFFICE, Audience.STAFF, Audience.FAMILY]
    return [Audience.STAFF, Audience.FAMILY] if people.is_staff(user) else [Audience.FAMILY]


def sees_tags(user: User) -> bool:
    """Tags are words among staff."""
    return people.is_staff(user)
