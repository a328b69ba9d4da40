"""Years, terms, classes, subjects, and who belongs to which."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from schools.academics import choices
from schools.people.models import Staff, Student


class AcademicYear(SchoolModel):
    """One school year."""

    name = models.CharField(_("year"), max_length=20)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="academics_year_name"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="academics_year_dates"),
        ]

    def __str__(self) -> str:
        return self.name


class Term(SchoolModel):
    """One term of a year, with its half-term break if it has one."""

    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="terms", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("term"), max_length=40)
    starts_on = models.DateField(_("opens on"))
    ends_on = models.DateField(_("closes on"))
    half_term_starts_on = models.DateField(_("half-term from"), null=True, blank=True)
    half_term_ends_on = models.DateField(_("half-term to"), null=True, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="academics_term_number"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="academics_term_dates"),
            models.CheckConstraint(
                condition=Q(half_term_starts_on__isnull=True, half_term_ends_on__isnull=True)
                | Q(half_term_starts_on__gte=F("starts_on"), half_term_ends_on__lte=F("ends_on"))
                & Q(half_term_ends_on__gte=F("half_term_starts_on")),
                name="academics_term_half_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year_id and self.year.name}".strip()

    def week_of(self, day: date) -> int:
        """The term's week that a day lies in, from 1."""
        return (day - self.starts_on).days // 7 + 1

    @property
    def weeks(self) -> int:
        """How many weeks the term runs."""
        return self.week_of(self.ends_on)


class Holiday(SchoolModel):
    """Days without school inside a term: a public holiday, a closure."""

    name = models.CharField(_("holiday"), max_length=80)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        ordering = ["starts_on"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="academics_holiday_dates")]

    def __str__(self) -> str:
        return self.name


class GradeLevel(SchoolModel):
    """A step of the school's ladder: PP1, Grade 6, Form 3."""

    name = models.CharField(_("grade level"), max_length=40)
    code = models.CharField(_("code"), max_length=10)
    order = models.PositiveSmallIntegerField(_("order"))
    curriculum = models.CharField(
        _("curriculum"), max_length=6, choices=choices.Curriculum.choices, default=choices.Curriculum.CBE
    )

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="academics_grade_level_code"),
            models.UniqueConstraint(fields=["order"], name="academics_grade_level_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Stream(SchoolModel):
    """A parallel of a grade level: East, West."""

    name = models.CharField(_("stream"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="academics_stream_name")]

    def __str__(self) -> str:
        return self.name


class SchoolClass(SchoolModel):
    """Grade level by stream by year: the group that a register is taken of."""

    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="classes", db_index=False)
    grade_level = models.ForeignKey(GradeLevel, on_delete=models.PROTECT, related_name="classes")
    stream = models.ForeignKey(Stream, null=True, blank=True, on_delete=models.PROTECT, related_name="classes")
    name = models.CharField(_("class"), max_length=80)
    class_teacher = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="classes_in_care"
    )
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    room = models.CharField(_("room"), max_length=40, blank=True)

    class Meta:
        ordering = ["grade_level__order", "stream__order", "name"]
        verbose_name_plural = "classes"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "grade_level", "stream"], name="academics_class_once", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["year", "name"], name="academics_class_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Subject(SchoolModel):
    """What is taught: a subject, or a learning area."""

    name = models.CharField(_("subject"), max_length=80)
    code = models.CharField(_("code"), max_length=12)
    short_name = models.CharField(_("short name"), max_length=12)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    curriculum = models.CharField(
        _("curriculum"), max_length=6, choices=choices.Curriculum.choices, default=choices.Curriculum.CBE
    )
    is_active = models.BooleanField(_("taught now"), default=True)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["code"], name="academics_subject_code")]

    def __str__(self) -> str:
        return self.name


class TeachingGroup(SchoolModel):
    """A subject taught to a set of students: a whole class, or members chosen one by one."""

    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="teaching_groups", db_index=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="teaching_groups")
    school_class = models.ForeignKey(
        SchoolClass, null=True, blank=True, on_delete=models.CASCADE, related_name="teaching_groups"
    )
    name = models.CharField(_("teaching group"), max_length=80)
    teachers = models.ManyToManyField(Staff, related_name="teaching_groups", blank=True)
    members = models.ManyToManyField(Student, related_name="teaching_groups", blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["year", "name"], name="academics_teaching_group_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole_class(self) -> bool:
        """True when every student of the class belongs."""
        return self.school_class_id is not None


class Enrolment(SchoolModel):
    """A student's time in a class. At most one of a student's enrolments is open."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="enrolments")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="enrolments")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    entry_code = models.CharField(
        _("joined because"), max_length=12, choices=choices.EntryCode.choices, default=choices.EntryCode.NEW
    )
    exit_code = models.CharField(_("left because"), max_length=12, choices=choices.ExitCode.choices, blank=True)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(ends_on__isnull=True), name="academics_enrolment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, exit_code="") | Q(ends_on__gte=F("starts_on")) & ~Q(exit_code=""),
                name="academics_enrolment_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["school_class", "student"], name="academics_enrolment_open", condition=Q(ends_on__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.student} in {self.school_class}"
