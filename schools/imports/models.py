"""Imports of the school: each run, what it changed, what was wrong with its rows, and columns matched before."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.bulk.models import UNDO_DAYS, Recorded
from schools.imports.choices import BUSY, Mode, State

STALLED_AFTER = timedelta(minutes=10)


class Run(SchoolModel):
    """One file on its way into the school, from the upload to the result and perhaps back out."""

    importer = models.CharField(max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    source = models.CharField(max_length=120, blank=True)
    rows_key = models.CharField(max_length=200)
    header = models.JSONField(default=list)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    mode = models.CharField(_("what to do"), max_length=6, choices=Mode.choices, default=Mode.INSERT)
    options = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    filter_column = models.PositiveSmallIntegerField(null=True)
    filter_value = models.CharField(max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.READ)
    position = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at"], name="imports_run_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_busy(self) -> bool:
        """True while a worker has it."""
        return self.state in BUSY

    def is_stalled(self, at: datetime) -> bool:
        """True when nobody seems to work on it any more."""
        return self.is_busy and at - self.updated_at > STALLED_AFTER

    def undo_until(self) -> datetime | None:
        """The last moment at which it can be taken back."""
        return self.finished_at + timedelta(days=UNDO_DAYS) if self.finished_at else None

    def can_undo(self, at: datetime) -> bool:
        """True while it can be taken back, as far as time goes."""
        until = self.undo_until()
        return self.state in (State.DONE, State.FAILED) and (until is None or at <= until)

    def count(self, name: str) -> int:
        """One of the numbers of its rows."""
        return int(self.counts.get(name, 0))


class Change(Recorded):
    """One record that a run created or changed: how it was, and how the run left it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="changes", db_index=False)

    class Meta(Recorded.Meta):
        constraints = [models.UniqueConstraint(fields=["run", "model", "object_id"], name="imports_change_once")]


class Problem(SchoolModel):
    """What is wrong with one cell, or with a row."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="problems", db_index=False)
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    message = models.CharField(_("what is wrong"), max_length=500)

    class Meta:
        ordering = ["row", "column", "pk"]
        indexes = [models.Index(fields=["run", "row"], name="imports_problem_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.column}: {self.message}"


class Remembered(SchoolModel):
    """How the columns of a file were matched, for the next file with the same head."""

    importer = models.CharField(max_length=40)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    filter_column = models.PositiveSmallIntegerField(null=True)
    filter_value = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["importer", "signature"], name="imports_remembered_once")]

    def __str__(self) -> str:
        return self.signature[:12]
