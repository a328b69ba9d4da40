"""Proposed changes, one row for each field, and who confirmed what in which year."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.families import choices
from schools.people.models import Guardian


class Campaign(SchoolModel):
    """One round of "confirm your details"."""

    name = models.CharField(_("name"), max_length=80)
    until = models.DateField(_("until"))
    started_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Confirmation(SchoolModel):
    """One guardian asked in one round; their link names this row."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="confirmations", db_index=False)
    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="confirmations")
    answer = models.CharField(max_length=9, choices=choices.Answer.choices, default=choices.Answer.SILENT)
    answered_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "guardian"], name="families_confirmation_once")]

    def __str__(self) -> str:
        return f"{self.guardian} {self.campaign}"


class Proposal(SchoolModel):
    """One field of one record that a guardian wants to read otherwise; both values as they are stored."""

    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="proposals")
    about = models.CharField(max_length=9, choices=choices.About.choices)
    object_id = models.UUIDField()
    field = models.CharField(max_length=40)
    before = models.CharField(max_length=250, blank=True)
    value = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=8, choices=choices.State.choices, default=choices.State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["about", "object_id", "field", "guardian"],
                condition=Q(state="waiting"),
                name="families_proposal_waiting_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.field}"
