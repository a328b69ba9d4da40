"""Each act on many records, and how every record was before and after it."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.bulk.choices import State

UNDO_DAYS = 30


class Action(SchoolModel):
    """One act on many records: what was done, by whom, and whether it was taken back."""

    kind = models.CharField(max_length=40)
    said = models.CharField(_("what was done"), max_length=300)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DONE)
    counts = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    done_at = models.DateTimeField(_("when"))
    undone_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-done_at", "-pk"]
        indexes = [models.Index(fields=["-done_at"], name="bulk_action_newest")]

    def __str__(self) -> str:
        return self.said

    def undo_until(self) -> datetime:
        """The last moment at which it can be taken back."""
        return self.done_at + timedelta(days=UNDO_DAYS)

    def can_undo(self, at: datetime) -> bool:
        """True while it can be taken back, as far as time goes."""
        return self.state == State.DONE and at <= self.undo_until()

    def count(self, name: str) -> int:
        """How many records it created, changed or removed."""
        return int(self.counts.get(name, 0))


class Recorded(SchoolModel):
    """One record that was created (`before` is None), changed, or removed (`after` is None)."""

    number = models.PositiveIntegerField()
    model = models.CharField(max_length=100)
    object_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class Change(Recorded):
    """What a bulk action did to one record."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="changes", db_index=False)

    class Meta(Recorded.Meta):
        constraints = [models.UniqueConstraint(fields=["action", "model", "object_id"], name="bulk_change_once")]
