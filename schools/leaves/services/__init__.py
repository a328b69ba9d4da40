"""Every write of employments and leave: checked, locked, saved and audited in one transaction."""

from schools.leaves.services.asking import ask, cancel, decide
from schools.leaves.services.employing import change_employment, employ_as, end_employment
from schools.leaves.services.shaping import add_usual_types, save_type

__all__ = [
    "add_usual_types",
    "ask",
    "cancel",
    "change_employment",
    "decide",
    "employ_as",
    "end_employment",
    "save_type",
]
