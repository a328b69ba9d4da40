"""The words of papers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Layout(models.TextChoices):
    """How cards lie on a page."""

    SHEET = "sheet", _("Ten on an A4 sheet")
    SINGLE = "single", _("One on each page, for a card printer")


class BatchState(models.TextChoices):
    """How far some papers are."""

    WAITING = "waiting", _("Being set")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Not made")


class BatchKind(models.TextChoices):
    """What is set together."""

    CARDS = "cards", _("ID cards")
    STAFF_CARDS = "staff_cards", _("Staff ID cards")
    LABELS = "labels", _("Labels")
    TICK_LIST = "tick_list", _("Class list to tick")


class LetterKind(models.TextChoices):
    """What a letter is; each kind has numbers of its own."""

    LEAVING = "leaving", _("School leaving certificate")
    TRANSFER = "transfer", _("Transfer letter")
    RECOMMENDATION = "recommendation", _("Recommendation")
    ENROLMENT = "enrolment", _("Confirmation of enrolment")
    ADMISSION = "admission", _("Letter of admission")
    OTHER = "other", _("Other letter")
