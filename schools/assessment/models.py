"""Grading scales as data, assessments, and the marks of each student."""

from datetime import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.academics.models import SchoolClass, Subject, Term
from schools.assessment import choices
from schools.people.models import Student


class GradingScale(SchoolModel):
    """How a score becomes a grade: CBE levels, KCSE grades, or the school's own."""

    name = models.CharField(_("grading scale"), max_length=60)
    basis = models.CharField(
        _("measured in"), max_length=8, choices=choices.Basis.choices, default=choices.Basis.PERCENT
    )
    maximum = models.DecimalField(
        _("highest score"), max_digits=6, decimal_places=2, default=Decimal(100), validators=[MinValueValidator(1)]
    )
    decimals = models.PositiveSmallIntegerField(
        _("decimals kept before grading"), default=0, validators=[MaxValueValidator(2)]
    )
    is_default = models.BooleanField(_("used for new assessments"), default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="assessment_scale_name"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="assessment_scale_one_default"
            ),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="assessment_scale_maximum"),
            models.CheckConstraint(condition=Q(decimals__lte=2), name="assessment_scale_decimals"),
        ]

    def __str__(self) -> str:
        return self.name


class GradeBand(SchoolModel):
    """One grade of a scale, from its lower limit up to the next band's."""

    scale = models.ForeignKey(GradingScale, on_delete=models.CASCADE, related_name="bands", db_index=False)
    code = models.CharField(_("grade"), max_length=8)
    name = models.CharField(_("meaning"), max_length=60)
    lower = models.DecimalField(_("from"), max_digits=6, decimal_places=2)
    points = models.DecimalField(_("points"), max_digits=4, decimal_places=1, null=True, blank=True)

    class Meta:
        ordering = ["scale", "-lower"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "code"], name="assessment_band_code"),
            models.UniqueConstraint(fields=["scale", "lower"], name="assessment_band_lower"),
            models.CheckConstraint(condition=Q(lower__gte=0), name="assessment_band_lower_positive"),
        ]

    def __str__(self) -> str:
        return self.code


class Assessment(SchoolModel):
    """One paper: a subject assessed in a class in a term. Papers of one name in a class make up a sitting."""

    name = models.CharField(_("assessment"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=choices.Kind.choices, default=choices.Kind.TEST)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="assessments")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="assessments", db_index=False)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="assessments", db_index=False)
    scale = models.ForeignKey(GradingScale, on_delete=models.PROTECT, related_name="assessments")
    maximum = models.DecimalField(
        _("maximum"), max_digits=6, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    date = models.DateField(_("date"))
    closes_at = models.DateTimeField(_("marks due"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=6, choices=choices.AssessmentStatus.choices, default=choices.AssessmentStatus.OPEN
    )
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(_("published to families"), null=True, blank=True)

    class Meta:
        ordering = ["-date", "name", "subject__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "term", "subject", "name"], name="assessment_assessment_once"
            ),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="assessment_assessment_maximum"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(status="closed"),
                name="assessment_published_closed",
            ),
        ]
        indexes = [models.Index(fields=["term", "school_class", "name"], name="assessment_sitting")]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"

    def takes_marks(self, at: datetime) -> bool:
        """True while marks may be entered: not handed in, and not past its due time."""
        return self.status == choices.AssessmentStatus.OPEN and (self.closes_at is None or at < self.closes_at)


class Mark(SchoolModel):
    """One student's result in one assessment: a score, or absent."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="marks", db_index=False)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="marks", db_index=False)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    is_absent = models.BooleanField(_("absent"), default=False)
    grade = models.CharField(_("grade"), max_length=8, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "student"], name="assessment_mark_once"),
            models.CheckConstraint(
                condition=Q(is_absent=True, score__isnull=True) | Q(is_absent=False, score__isnull=False, score__gte=0),
                name="assessment_mark_score_or_absent",
            ),
        ]
        indexes = [models.Index(fields=["student", "-entered_at"], name="assessment_mark_student")]

    def __str__(self) -> str:
        return f"{self.student} {self.score if not self.is_absent else 'AB'}"
