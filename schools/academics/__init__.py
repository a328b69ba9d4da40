"""Years, terms, classes, subjects, enrolments."""
