"""What files bring to people: the roll of students, guardians with their children, the staff."""

from schools.people.importing import guardians, roll, staff
from schools.people.importing.roll import ROLL

__all__ = ["ROLL", "register"]


def register() -> None:
    """Called once, when the apps are ready."""
    roll.register()
    guardians.register()
    staff.register()
