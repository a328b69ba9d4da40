"""The words of employment and leave."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Terms(models.TextChoices):
    """On which terms somebody is employed."""

    PERMANENT = "permanent", _("Permanent")
    CONTRACT = "contract", _("Contract")
    PROBATION = "probation", _("Probation")
    INTERN = "intern", _("Intern")
    CASUAL = "casual", _("Casual")
    VOLUNTEER = "volunteer", _("Volunteer")


class Employer(models.TextChoices):
    """Who pays."""

    TSC = "tsc", _("Teachers Service Commission")
    BOARD = "board", _("Board of management")
    SCHOOL = "school", _("The school")
    COUNTY = "county", _("County government")


class Counting(models.TextChoices):
    """Which days of a leave count."""

    WORKING = "working", _("Working days")
    CALENDAR = "calendar", _("All days")


class State(models.TextChoices):
    """What became of a request."""

    ASKED = "asked", _("Asked for")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")
