"""The words of an import."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far an import is."""

    READ = "read", _("Columns to match")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


BUSY = (State.CHECKING, State.IMPORTING, State.UNDOING)
CHANGEABLE = (State.READ, State.CHECKED)


class Mode(models.TextChoices):
    """What becomes of rows whose student is known, or is not."""

    INSERT = "insert", _("Add new ones; leave those who are here as they are")
    UPDATE = "update", _("Change those who are here; leave new ones out")
    BOTH = "both", _("Add new ones and change those who are here")
    SYNC = "sync", _("Make the list here like the file: add, change, and end those who are not in it")


class Outcome(models.TextChoices):
    """What becomes of one row."""

    CREATE = "create", _("New")
    UPDATE = "update", _("Changed")
    SKIP = "skip", _("Left as it is")
