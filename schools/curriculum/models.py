"""Versions of curricula, who follows which, blocks of options with wishes, and courses with credits."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from schools.academics.choices import Curriculum
from schools.academics.models import AcademicYear, GradeLevel, Subject, TeachingGroup, Term
from schools.curriculum import choices
from schools.people.models import Student


class Version(SchoolModel):
    """One version of a curriculum: its lines are data, and stay as they are once it is published.

    A line is `{"level": code, "code": subject's code, "name": …, "core": bool, "lessons": per week or null}`.
    """

    curriculum = models.CharField(_("curriculum"), max_length=6, choices=Curriculum.choices)
    name = models.CharField(_("version"), max_length=60)
    standing = models.CharField(
        _("standing"), max_length=9, choices=choices.Standing.choices, default=choices.Standing.DRAFT
    )
    lines = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["curriculum", "-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum", "name"],
                name="curriculum_version_name",
                violation_error_message=_("Another version of this curriculum has this name."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_curriculum_display()} · {self.name}"


class Followed(SchoolModel):
    """Which version a grade level follows in a year."""

    year = models.ForeignKey(AcademicYear, on_delete=models.CASCADE, related_name="+", db_index=False)
    grade_level = models.ForeignKey(GradeLevel, on_delete=models.CASCADE, related_name="followed")
    plan = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="followed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "grade_level"], name="curriculum_followed_once")]

    def __str__(self) -> str:
        return f"{self.grade_level} {self.year}"


class Block(SchoolModel):
    """Options of which each student chooses some: electives, or the pathways of senior school."""

    name = models.CharField(_("name"), max_length=80)
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="+", db_index=False)
    levels = models.JSONField(_("grade levels"), default=list)
    least = models.PositiveSmallIntegerField(_("at least"), default=1)
    most = models.PositiveSmallIntegerField(_("at most"), default=1)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    placed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opens_on", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most__gte=models.F("least"), closes_on__gte=models.F("opens_on")),
                name="curriculum_block_limits",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Option(SchoolModel):
    """One thing to choose: a subject of its own, or a pathway that stands for several."""

    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="options", db_index=False)
    name = models.CharField(_("option"), max_length=80)
    pathway = models.CharField(_("pathway"), max_length=60, blank=True)
    subject = models.ForeignKey(
        Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("subject"),
    )  # fmt: skip
    group = models.ForeignKey(
        TeachingGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("teaching group of those who are placed"),
    )  # fmt: skip
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["block", "name"], name="curriculum_option_name")]

    def __str__(self) -> str:
        return self.name


class Wish(SchoolModel):
    """What a student chose, in their order, and what became of it."""

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="wishes", db_index=False)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField(default=1)
    place = models.CharField(max_length=7, choices=choices.Place.choices, default=choices.Place.ASKED)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["option", "student"], name="curriculum_wish_once")]

    def __str__(self) -> str:
        return f"{self.student} {self.option}"


class Course(SchoolModel):
    """A course of a modular programme, with credits and the courses that must be passed before."""

    programme = models.CharField(_("programme"), max_length=80)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("course"), max_length=120)
    credits = models.DecimalField(
        _("credits"), max_digits=4, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))]
    )
    before = models.JSONField(_("must be passed before"), default=list, blank=True)

    class Meta:
        ordering = ["programme", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="curriculum_course_code",
                violation_error_message=_("Another course has this code."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CourseTaken(SchoolModel):
    """One student in one course in one term."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="taken", db_index=False)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="courses")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=9, choices=choices.Taking.choices, default=choices.Taking.ENROLLED)
    grade = models.CharField(_("grade"), max_length=8, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "student", "term"], name="curriculum_taken_once")]

    def __str__(self) -> str:
        return f"{self.student} {self.course}"
