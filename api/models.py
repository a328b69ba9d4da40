"""What the API keeps in each school: its OAuth 2 clients, and the answers that a repeated request gets again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from oauth2_provider.models import AbstractApplication

from core.models import SchoolModel


class Client(SchoolModel, AbstractApplication):  # type: ignore[misc]
    """A program of somebody else's that fetches tokens here; it acts as its service account, within its scopes."""

    scopes = ArrayField(models.CharField(max_length=60), default=list)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return str(self.name)

    def is_usable(self, request: object) -> bool:
        """False once revoked: the token endpoint then knows no such client."""
        return self.revoked_at is None


class Replay(SchoolModel):
    """One POST that carried an Idempotency-Key: while it runs, and the answer it got, for a day."""

    owner = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(default=b"")
    headers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "path", "key"], name="api_replay_once")]
        indexes = [models.Index(fields=["created_at"], name="api_replay_age")]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
