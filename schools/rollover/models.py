"""The sweep from one year into the next, and what it decides for each student."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.academics.models import AcademicYear, SchoolClass
from schools.bulk.choices import State as ActionState
from schools.bulk.models import Action
from schools.people.models import Student
from schools.rollover.choices import Outcome, State


class Sweep(SchoolModel):
    """One rollover: every student of a year gets a place in the next, graduates or leaves."""

    from_year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    action = models.ForeignKey(Action, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    planned_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["from_year", "to_year"], name="rollover_sweep_once")]

    def __str__(self) -> str:
        return f"{self.from_year} → {self.to_year}"

    @property
    def is_undone(self) -> bool:
        """True when it was carried out and taken back."""
        return self.action is not None and self.action.state == ActionState.UNDONE


class Decision(SchoolModel):
    """What becomes of one student; an exception was decided by a person, with a reason."""

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+")
    from_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="+", db_index=False)
    outcome = models.CharField(_("what becomes"), max_length=8, choices=Outcome.choices)
    to_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    is_exception = models.BooleanField(default=False)
    is_done = models.BooleanField(default=False)

    class Meta:
        ordering = ["student__first_name", "student__last_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["sweep", "student"], name="rollover_decision_once")]

    def __str__(self) -> str:
        return f"{self.student}: {self.get_outcome_display()}"
