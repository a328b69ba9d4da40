"""The words of a school's own facts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKind(models.TextChoices):
    """What an answer looks like."""

    TEXT = "text", _("Short text")
    NOTE = "note", _("Long text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    ONE_OF = "one_of", _("One of a list")
    SEVERAL_OF = "several_of", _("Several of a list")


class Audience(models.TextChoices):
    """Who reads an answer, of those who see the student at all."""

    OFFICE = "office", _("The office")
    STAFF = "staff", _("All staff")
    FAMILY = "family", _("Staff and the family")


class Colour(models.TextChoices):
    """A house's colour, as its badge shows it."""

    NONE = "", _("None")
    RED = "bad", _("Red")
    GREEN = "ok", _("Green")
    BLUE = "info", _("Blue")
    YELLOW = "warn", _("Yellow")
