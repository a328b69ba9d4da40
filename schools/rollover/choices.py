"""The words of a sweep."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What becomes of a student at the end of a year."""

    PROMOTE = "promote", _("Promote")
    REPEAT = "repeat", _("Repeat")
    GRADUATE = "graduate", _("Graduate")
    LEAVE = "leave", _("Leave")


class State(models.TextChoices):
    """How far a sweep is."""

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")
