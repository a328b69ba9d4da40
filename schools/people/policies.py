"""Who may do what with people's records."""

from identity import roles
from identity.models import Kind, User


def sees_all(user: User) -> bool:
    """Sees every student: the office, the bursar, and programs that act for the school."""
    return user.kind == Kind.SERVICE or user.has_role(roles.HEAD, roles.REGISTRAR, roles.BURSAR)


def is_office(user: User) -> bool:
    """The head or the registrar."""
    return user.has_role(*roles.OFFICE)


def is_staff(user: User) -> bool:
    """Works at the school."""
    return user.has_role(*roles.STAFF)


def may_list_students(user: User) -> bool:
    """Opens the student list; what it holds is for `queries.visible_to`."""
    return is_staff(user)


def may_open_student(user: User) -> bool:
    """Opens a student's profile; which ones is for `queries.visible_to`."""
    return bool(user.roles)


def may_admit(user: User) -> bool:
    """Admits a student."""
    return is_office(user)


def may_change_student(user: User) -> bool:
    """Changes a student's record, numbers, photo and household."""
    return is_office(user)


def may_see_identifiers(user: User) -> bool:
    """Sees a visible student's official numbers: the office, and the family itself."""
    return is_office(user) or user.has_role(roles.GUARDIAN, roles.STUDENT)


def may_see_contacts(user: User) -> bool:
    """Sees guardians' phones and addresses of the students that are visible."""
    return is_staff(user)


def may_list_guardians(user: User) -> bool:
    """Opens the list of guardians."""
    return is_staff(user)


def may_list_households(user: User) -> bool:
    """Opens the list of households: those who see every student."""
    return sees_all(user)


def may_change_guardian(user: User) -> bool:
    """Changes guardians and their rights."""
    return is_office(user)


def may_list_staff(user: User) -> bool:
    """Opens the list of staff."""
    return is_staff(user)


def may_change_staff(user: User) -> bool:
    """Changes records of staff."""
    return is_office(user)


def may_see_trail(user: User) -> bool:
    """Reads who changed what."""
    return is_office(user)


def may_export(user: User) -> bool:
    """Takes a list home as CSV."""
    return user.has_role(roles.HEAD, roles.REGISTRAR, roles.BURSAR, roles.TEACHER)
