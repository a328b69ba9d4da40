"""The words of transfers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """Whether the student goes or comes."""

    OUT = "out", _("Going")
    IN = "in", _("Coming")


class State(models.TextChoices):
    """How far a transfer is; both schools' rows stand at the same."""

    ASKED = "asked", _("For the head to approve")
    OFFERED = "offered", _("Offered to the other school")
    AGREED = "agreed", _("Both heads agree")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (State.ASKED, State.OFFERED, State.AGREED)
