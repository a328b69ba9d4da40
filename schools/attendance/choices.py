"""The words of a register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Code(models.TextChoices):
    """What a register says of one student, and what every finer code of a school counts as."""

    PRESENT = "P", _("Present")
    ABSENT = "A", _("Absent")
    LATE = "L", _("Late")
    EXCUSED = "E", _("Excused")


class Direction(models.TextChoices):
    """Whether a code says that somebody is in or out."""

    IN = "in", _("In")
    OUT = "out", _("Out")


class Scope(models.TextChoices):
    """Where somebody with a code is, as a list for an emergency needs it."""

    ONSITE = "onsite", _("At school")
    ONSITE_LATE = "onsite_late", _("At school, came late")
    OFFSITE = "offsite", _("Not at school")
    OFFSITE_LEFT = "offsite_left", _("Left before the end")
    OFFSITE_LATE = "offsite_late", _("Not at school yet")


class Session(models.TextChoices):
    """When in the day the roll is called."""

    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")


class Source(models.TextChoices):
    """Through which door something was said of a student."""

    PAGE = "page", _("Register page")
    OFFLINE = "offline", _("Phone without signal")
    API = "api", _("Program")
    GATE = "gate", _("Gate")
    OFFICE = "office", _("Office")
    NOTICE = "notice", _("Notice of the family")


class RegisterStatus(models.TextChoices):
    """Whether every learner of the register has been marked."""

    OPEN = "open", _("Not complete")
    TAKEN = "taken", _("Taken")
