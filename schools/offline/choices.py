"""The words of what a phone sent in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What became of one item."""

    SAVED = "saved", _("Saved")
    PARTLY = "partly_stale", _("Saved in part")
    REJECTED = "rejected", _("Needs you")
