"""The audit trail: rows that can only be added, chained in batches."""

from django.db import models

from core.models import EverywhereModel


class Entry(EverywhereModel):
    """One act: who, what, on what, when, with which changes. No foreign keys: the trail outlives what it speaks of."""

    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=150)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_name = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    seal_number = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="audit_entry_unsealed", condition=models.Q(seal_number=None)),
            models.Index(fields=["seal_number"], name="audit_entry_seal"),
            models.Index(fields=["object_type", "object_id", "-at"], name="audit_entry_object"),
            models.Index(fields=["-at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_name}"


class Seal(EverywhereModel):
    """A batch of entries bound to the batch before it: change one entry and every later seal is wrong."""

    number = models.PositiveIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"#{self.number} {self.digest[:12]}"
