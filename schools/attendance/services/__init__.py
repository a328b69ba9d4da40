"""What changes registers: marking them, the office's codes, the school's own list, totals from an earlier system."""

from schools.attendance.lines import (
    InTheFuture,
    Line,
    MarksRefused,
    NotASchoolDay,
    Outcome,
    SavedByAnother,
)
from schools.attendance.services.codes import add_code, change_code, change_rules
from schools.attendance.services.forwarding import bring_forward, take_back_brought_forward
from schools.attendance.services.office import say, take_back
from schools.attendance.services.registers import mark, mark_rest_present, open_register, take

__all__ = [
    "InTheFuture", "Line", "MarksRefused", "NotASchoolDay", "Outcome", "SavedByAnother", "add_code", "bring_forward",
    "change_code", "change_rules", "mark", "mark_rest_present", "open_register", "say", "take", "take_back",
    "take_back_brought_forward",
]  # fmt: skip
