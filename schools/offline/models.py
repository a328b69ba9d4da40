"""One receipt for each item that a phone sent in."""

from django.db import models

from core.models import SchoolModel
from identity.models import User
from schools.offline.choices import State


class Receipt(SchoolModel):
    """An item by the UUID that the phone gave it, and the answer it got; a second sending reads this one.

    `body` is kept of refused items only: what could not be saved is not lost with the phone.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices)
    answer = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    captured_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at"], name="offline_receipt_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
