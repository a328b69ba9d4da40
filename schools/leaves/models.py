"""Employments, kinds of leave, and leave."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.leaves import choices
from schools.people.models import Staff


class Employment(SchoolModel):
    """What somebody is employed as, from a day to a day; the open one is what holds now."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="employments")
    job_title = models.CharField(_("job title"), max_length=80)
    department = models.CharField(_("department"), max_length=80, blank=True)
    terms = models.CharField(_("terms"), max_length=10, choices=choices.Terms.choices, default=choices.Terms.PERMANENT)
    employer = models.CharField(
        _("employer"), max_length=6, choices=choices.Employer.choices, default=choices.Employer.BOARD
    )
    hours = models.DecimalField(
        _("hours a week"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("why it ended"), max_length=120, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="leaves_employment_dates"
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ends_on__isnull=True), name="leaves_employment_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.job_title


class LeaveType(SchoolModel):
    """A kind of leave, with its days a year."""

    name = models.CharField(_("kind of leave"), max_length=60)
    days = models.DecimalField(
        _("days a year"), max_digits=5, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))], help_text=_("Empty: no limit."),
    )  # fmt: skip
    counting = models.CharField(
        _("days that count"), max_length=8, choices=choices.Counting.choices, default=choices.Counting.WORKING
    )
    carry_over = models.DecimalField(
        _("days carried into the next year, at most"), max_digits=5, decimal_places=1, default=0,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=0)
    needs_document = models.BooleanField(_("needs a document"), default=False)
    paid = models.BooleanField(_("paid"), default=True)
    retired = models.BooleanField(_("given no longer"), default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="leaves_type_name",
                violation_error_message=_("Another kind of leave has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Leave(SchoolModel):
    """One leave of one member of staff; `days` were counted when it was asked for, with the holidays known then."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="leaves")
    type = models.ForeignKey(LeaveType, on_delete=models.PROTECT, related_name="leaves", db_index=False)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    half_first = models.BooleanField(_("only half of the first day"), default=False)
    half_last = models.BooleanField(_("only half of the last day"), default=False)
    days = models.DecimalField(max_digits=5, decimal_places=1)
    why = models.CharField(_("reason"), max_length=200, blank=True)
    cover = models.CharField(_("who stands in"), max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=choices.State.choices, default=choices.State.ASKED)
    document_seen = models.BooleanField(_("document seen"), default=False)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("what was said"), max_length=200, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="leaves_leave_dates"),
        ]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="leaves_leave_days")]

    def __str__(self) -> str:
        return f"{self.type} {self.starts_on:%Y-%m-%d}"
