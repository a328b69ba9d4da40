"""The words of proposals and campaigns."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class About(models.TextChoices):
    """Whose record a proposal would change."""

    GUARDIAN = "guardian", _("Guardian")
    STUDENT = "student", _("Child")
    HOUSEHOLD = "household", _("Household")


class State(models.TextChoices):
    """What became of a proposal."""

    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Answer(models.TextChoices):
    """What a guardian said when asked to confirm."""

    SILENT = "silent", _("No answer yet")
    CONFIRMED = "confirmed", _("All correct")
    CHANGED = "changed", _("Changes proposed")
