"""The words of duplicates."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Who may be written down twice."""

    STUDENT = "students", _("Students")
    GUARDIAN = "guardians", _("Guardians")


class Side(models.TextChoices):
    """Whose record of a thing that both have is kept."""

    KEPT = "kept", _("The record that stays")
    OTHER = "other", _("The other record")
