"""Forms, the applications made with them, what happened to each, and the steps that turned one into a student."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.academics.models import AcademicYear, GradeLevel, SchoolClass
from schools.admissions import choices
from schools.people.models import Student


class Form(SchoolModel):
    """What applicants fill in for one year; `pages` is the definition (see `definition`)."""

    name = models.CharField(_("name"), max_length=80)
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="+", db_index=False)
    levels = models.JSONField(default=list, blank=True)
    welcome = models.TextField(_("words at the top"), max_length=2000, blank=True)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    is_published = models.BooleanField(_("published"), default=False)
    pages = models.JSONField(default=list)

    class Meta:
        ordering = ["-opens_on", "name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="admissions_form_name")]

    def __str__(self) -> str:
        return self.name

    def is_open(self, on: date) -> bool:
        """Whether somebody may apply with it on a day."""
        return self.is_published and self.opens_on <= on and (self.closes_on is None or on <= self.closes_on)


class Application(SchoolModel):
    """One child's application, from the first draft to the student."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="applications", db_index=False)
    pages = models.JSONField(default=list)
    key = models.CharField(max_length=43, editable=False)
    reference = models.CharField(_("reference"), max_length=20, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=choices.Stage.choices, default=choices.Stage.ENQUIRY)
    is_draft = models.BooleanField(default=True)
    source = models.CharField(max_length=8, choices=choices.Source.choices, default=choices.Source.ONLINE)
    email = models.EmailField(_("e-mail"), blank=True)
    answers = models.JSONField(default=dict)
    files = models.JSONField(default=dict)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    date_of_birth = models.DateField(_("date of birth"), null=True)
    grade_level = models.ForeignKey(GradeLevel, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    stage_since = models.DateTimeField(null=True)
    interview_at = models.DateTimeField(_("interview"), null=True, blank=True)
    interview_place = models.CharField(_("where"), max_length=120, blank=True)
    marks = models.JSONField(default=dict)
    place_in_line = models.PositiveSmallIntegerField(null=True)
    offered_class = models.ForeignKey(
        SchoolClass, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    offer_until = models.DateField(_("offer stands until"), null=True, blank=True)
    student = models.ForeignKey(Student, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        ordering = ["-submitted_at", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="admissions_application_key"),
            models.UniqueConstraint(
                fields=["reference"], name="admissions_application_reference", condition=~Q(reference="")
            ),
        ]
        indexes = [models.Index(fields=["stage", "stage_since"], name="admissions_stage")]

    def __str__(self) -> str:
        return self.name or self.reference or self.email

    @property
    def name(self) -> str:
        """The child's name."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def mean(self) -> float | None:
        """The mean of the entrance marks, in per cent."""
        return round(sum(self.marks.values()) / len(self.marks), 1) if self.marks else None


class Event(SchoolModel):
    """Something that happened to an application: a move, a note, a letter."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text


class StepDone(SchoolModel):
    """One step of an admission that was taken; it is never taken again."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steps", db_index=False)
    key = models.CharField(max_length=30)
    said = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="admissions_step_once")]

    def __str__(self) -> str:
        return self.said
