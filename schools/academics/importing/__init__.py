"""What files bring to academics: the class of each student, subjects, classes, teaching groups, enrolments."""

from schools.academics.importing import classes, enrolments, groups, roll, subjects

__all__ = ["register"]


def register() -> None:
    """Called once, when the apps are ready."""
    roll.register()
    subjects.register()
    classes.register()
    groups.register()
    enrolments.register()
