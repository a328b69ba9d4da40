"""The words of planned absences."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What became of a request."""

    ASKED = "asked", _("Waits for an answer")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Part(models.TextChoices):
    """Which roll calls of each day are meant."""

    DAY = "day", _("The whole day")
    MORNING = "morning", _("The morning")
    AFTERNOON = "afternoon", _("The afternoon")
