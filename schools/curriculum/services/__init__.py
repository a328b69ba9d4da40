"""Every write of curricula, options and courses: checked, locked, saved and audited in one transaction."""

from schools.curriculum.services.courses import record, save_course, take
from schools.curriculum.services.options import choose, place, save_block, save_option
from schools.curriculum.services.versions import add_known, copy, follow, move_on, write_lines

__all__ = [
    "add_known",
    "choose",
    "copy",
    "follow",
    "move_on",
    "place",
    "record",
    "save_block",
    "save_course",
    "save_option",
    "take",
    "write_lines",
]
