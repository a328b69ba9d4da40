"""Every write of the academic structure and of who belongs to which class."""

from schools.academics.services.assigning import assign
from schools.academics.services.calendar import (
    TermFacts,
    TermPlan,
    add_holiday,
    change_term,
    change_year,
    drop_year,
    open_year,
    remove_holiday,
)
from schools.academics.services.classes import ClassFacts, change_class, close_class, open_class, open_classes_like
from schools.academics.services.enrolments import (
    AlreadyEnrolled,
    ClassFull,
    NotEnrolled,
    enrol,
    leave,
    leave_all,
    move,
    move_all,
)
from schools.academics.services.groups import (
    change_teaching_group,
    close_teaching_group,
    join_group,
    open_teaching_group,
)
from schools.academics.services.structure import (
    LevelFacts,
    SubjectFacts,
    add_grade_level,
    add_stream,
    add_subject,
    change_grade_level,
    change_stream,
    change_subject,
    remove,
)

__all__ = [
    "AlreadyEnrolled",
    "ClassFacts",
    "ClassFull",
    "LevelFacts",
    "NotEnrolled",
    "SubjectFacts",
    "TermFacts",
    "TermPlan",
    "add_grade_level",
    "add_holiday",
    "add_stream",
    "add_subject",
    "assign",
    "change_class",
    "change_grade_level",
    "change_stream",
    "change_subject",
    "change_teaching_group",
    "change_term",
    "change_year",
    "close_class",
    "close_teaching_group",
    "drop_year",
    "enrol",
    "join_group",
    "leave",
    "leave_all",
    "move",
    "move_all",
    "open_class",
    "open_classes_like",
    "open_teaching_group",
    "open_year",
    "remove",
    "remove_holiday",
]
