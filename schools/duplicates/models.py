"""Pairs that somebody looked at and found to be two people."""

from django.db import models

from core.models import SchoolModel
from identity.models import User
from schools.duplicates import choices


class Different(SchoolModel):
    """Two records that look alike and are not: they are not offered again. `first` is the smaller id."""

    kind = models.CharField(max_length=9, choices=choices.Kind.choices)
    first = models.UUIDField()
    second = models.UUIDField()
    said_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "first", "second"], name="duplicates_different_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} · {self.second}"
