"""Absences that are known beforehand."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.absences import choices
from schools.attendance.models import AbsenceReason, AttendanceCode
from schools.people.models import Student


class Absence(SchoolModel):
    """That a student will be away from a day to a day, asked for by a guardian or recorded by the office."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="planned_absences", db_index=False)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    part = models.CharField(_("of each day"), max_length=9, choices=choices.Part.choices, default=choices.Part.DAY)
    reason = models.ForeignKey(
        AbsenceReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    why = models.CharField(_("why"), max_length=300)
    state = models.CharField(max_length=9, choices=choices.State.choices, default=choices.State.ASKED)
    code = models.ForeignKey(
        AttendanceCode, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absences_absence_dates")]
        indexes = [
            models.Index(fields=["student", "starts_on"], name="absences_of_student"),
            models.Index(fields=["starts_on"], condition=Q(state="asked"), name="absences_waiting"),
            models.Index(fields=["ends_on"], name="absences_to_come"),
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.starts_on:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Waits for an answer."""
        return self.state == choices.State.ASKED
