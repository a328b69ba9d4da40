"""The words of curricula, options and courses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """Where a version of a curriculum stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Place(models.TextChoices):
    """What became of a wish."""

    ASKED = "asked", _("Chosen")
    PLACED = "placed", _("Placed")
    WAITING = "waiting", _("Waiting list")


class Taking(models.TextChoices):
    """How a course went."""

    ENROLLED = "enrolled", _("Taking it")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
