"""Who may write to whom, and read what."""

from identity import roles
from identity.models import User
from schools.messaging.models import Message


def may_write(user: User) -> bool:
    """Writes messages: the office and the bursar to all, teachers to their own classes and groups."""
    return user.has_role(*roles.STAFF)


def writes_to_all(user: User) -> bool:
    """Addresses the whole school."""
    return user.has_role(roles.HEAD, roles.REGISTRAR, roles.BURSAR)


def may_approve(user: User) -> bool:
    """Lets a costly message go."""
    return user.has_role(roles.HEAD)


def may_set_up(user: User) -> bool:
    """Changes provider, sender name, quiet hours and templates."""
    return user.has_role(*roles.OFFICE)


def may_read_text(user: User, message: Message) -> bool:
    """Reads what a message said: a confidential one only its writer and the head."""
    return not message.confidential or message.written_by_id == user.pk or user.has_role(roles.HEAD)


def may_change(user: User, message: Message) -> bool:
    """Changes, sends or stops a message: its writer and the office."""
    return message.written_by_id == user.pk or user.has_role(*roles.OFFICE)


def has_inbox(user: User) -> bool:
    """Receives messages in the app."""
    return bool(user.roles)


def may_announce(user: User) -> bool:
    """Puts a notice on the board."""
    return may_write(user)
