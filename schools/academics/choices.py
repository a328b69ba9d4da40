"""The words of the academic structure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Curriculum(models.TextChoices):
    """What is taught; several may run side by side."""

    CBE = "cbe", _("CBE")
    C844 = "844", _("8-4-4")
    IGCSE = "igcse", _("IGCSE")
    IB = "ib", _("IB")
    OTHER = "other", _("Other")


class EntryCode(models.TextChoices):
    """Why somebody joined a class."""

    NEW = "new", _("New")
    PROMOTED = "promoted", _("Promoted")
    REPEATING = "repeating", _("Repeating")
    TRANSFER_IN = "transfer_in", _("Came from another school")
    MOVED = "moved", _("Moved from another class")


class ExitCode(models.TextChoices):
    """Why somebody left a class."""

    PROMOTED = "promoted", _("Promoted")
    MOVED = "moved", _("Moved to another class")
    TRANSFER_OUT = "transfer_out", _("Went to another school")
    GRADUATED = "graduated", _("Graduated")
    LEFT = "left", _("Left")
    UNDONE = "undone", _("Undone")
