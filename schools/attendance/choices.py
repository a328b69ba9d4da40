"""The words of a register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Code(models.TextChoices):
    """What a register says of one student."""

    PRESENT = "P", _("Present")
    ABSENT = "A", _("Absent")
    LATE = "L", _("Late")
    EXCUSED = "E", _("Excused")


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
