"""The words of assessment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What sort of assessment it is."""

    CLASSWORK = "classwork", _("Classwork")
    TEST = "test", _("Test")
    OPENER = "opener", _("Opening exam")
    MID_TERM = "mid_term", _("Mid-term exam")
    END_TERM = "end_term", _("End-of-term exam")
    PROJECT = "project", _("Project")
    PRACTICAL = "practical", _("Practical")


class Basis(models.TextChoices):
    """What a band's lower limit is measured in."""

    PERCENT = "percent", _("Per cent of the maximum")
    POINTS = "points", _("Points as marked")


class AssessmentStatus(models.TextChoices):
    """Whether marks may still be entered."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
