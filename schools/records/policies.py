"""Who may know what of a student: a table of parts and roles, read by every door."""

from collections.abc import Callable

from identity import roles
from identity.models import User
from schools.people import policies as people
from schools.people.models import Student
from schools.records.choices import Audience, Group

CLASS_TEACHER = "class teacher"
SEEN_BY: dict[Group, frozenset[str]] = {
    Group.ALLERGIES: frozenset(
        {roles.HEAD, roles.REGISTRAR, CLASS_TEACHER, roles.TEACHER, roles.GUARDIAN, roles.STUDENT}
    ),
    Group.HEALTH: frozenset({roles.HEAD, roles.REGISTRAR, CLASS_TEACHER, roles.GUARDIAN, roles.STUDENT}),
    Group.NEEDS: frozenset({roles.HEAD, roles.REGISTRAR, CLASS_TEACHER, roles.GUARDIAN, roles.STUDENT}),
    Group.RELIGION: frozenset({roles.HEAD, roles.REGISTRAR, roles.GUARDIAN, roles.STUDENT}),
}
FIELDS: dict[Group, tuple[str, ...]] = {
    Group.ALLERGIES: ("allergies",),
    Group.HEALTH: ("conditions", "medicines", "blood_group", "doctor"),
    Group.NEEDS: ("need", "need_note"),
    Group.RELIGION: ("religion",),
}
_in_care: list[Callable[[User, Student], bool]] = []


def register_class_teacher(says: Callable[[User, Student], bool]) -> None:
    """Say who is a student's class teacher: the domain of classes lies above this one."""
    if says not in _in_care:
        _in_care.append(says)


def groups_seen(user: User, student: Student) -> list[Group]:
    """The parts of a care record that this user may see, of a student whom they see."""
    held = set(user.roles)
    if roles.TEACHER in held and any(says(user, student) for says in _in_care):
        held.add(CLASS_TEACHER)
    return [group for group in Group if SEEN_BY[group] & held]


def may_open_care(user: User) -> bool:
    """Opens care records; which parts is for `groups_seen`."""
    return user.has_role(roles.HEAD, roles.REGISTRAR, roles.TEACHER, roles.GUARDIAN, roles.STUDENT)


def may_change_care(user: User) -> bool:
    """Writes care records, alerts and documents."""
    return people.is_office(user)


def may_read_looks(user: User) -> bool:
    """Reads who looked at sensitive records."""
    return user.has_role(roles.HEAD)


def audiences(user: User) -> list[str]:
    """Whose alerts this user sees."""
    if people.is_office(user):
        return [Audience.STAFF, Audience.OFFICE]
    return [Audience.STAFF] if people.is_staff(user) else []


def may_answer_consent(user: User) -> bool:
    """Answers for a child, or notes an answer that came on paper."""
    return people.is_office(user) or user.has_role(roles.GUARDIAN)


def may_note_consent(user: User) -> bool:
    """Notes an answer that came on paper."""
    return people.is_office(user)


def may_open_documents(user: User) -> bool:
    """Opens files: the office, and a family or member of staff their own."""
    return people.is_office(user) or user.has_role(*roles.STAFF, roles.GUARDIAN, roles.STUDENT)
