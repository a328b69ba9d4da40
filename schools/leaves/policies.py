"""Who may do what with employments and leave."""

from identity import roles
from identity.models import User
from schools.leaves.models import Leave
from schools.people import policies as people


def may_ask(user: User) -> bool:
    """Asks for leave: everybody who works here."""
    return user.has_role(*roles.STAFF)


def may_decide(user: User) -> bool:
    """Sees all requests and decides; on one's own somebody else decides."""
    return people.is_office(user)


def may_decide_on(user: User, leave: Leave) -> bool:
    """Decides on this one."""
    return may_decide(user) and leave.staff.user_id != user.pk


def may_employ(user: User) -> bool:
    """Writes employments, and sees those of all."""
    return people.may_change_staff(user)


def may_shape(user: User) -> bool:
    """Decides which kinds of leave there are."""
    return user.has_role(roles.HEAD)
