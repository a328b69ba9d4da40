"""Every write of a person's record: checked, locked, saved and audited in one transaction."""

from schools.people.services.guardians import (
    MOST_GUARDIANS,
    GuardianFacts,
    Rights,
    add_guardian,
    add_guardian_of,
    change_guardian,
    change_rights,
    find_or_add_guardian,
    lift_restriction,
    link,
    restrict,
    unlink,
)
from schools.people.services.households import HouseholdFacts, change_household, open_household, settle
from schools.people.services.identifiers import add_identifier, change_identifier, remove_identifier
from schools.people.services.staff import StaffFacts, change_staff, employ
from schools.people.services.students import (
    StudentFacts,
    admit,
    change_several,
    change_student,
    end_student,
    note_export,
)

__all__ = [
    "MOST_GUARDIANS",
    "GuardianFacts",
    "HouseholdFacts",
    "Rights",
    "StaffFacts",
    "StudentFacts",
    "add_guardian",
    "add_guardian_of",
    "add_identifier",
    "admit",
    "change_guardian",
    "change_household",
    "change_identifier",
    "change_rights",
    "change_several",
    "change_staff",
    "change_student",
    "employ",
    "end_student",
    "find_or_add_guardian",
    "lift_restriction",
    "link",
    "note_export",
    "open_household",
    "remove_identifier",
    "restrict",
    "settle",
    "unlink",
]
