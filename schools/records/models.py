"""The care record and its looks, alerts, consents and documents: tables that no list reads by accident."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.people.models import Guardian, Staff, Student
from schools.records import choices


class Care(SchoolModel):
    """What those who care for a student must know, and nobody else."""

    student = models.OneToOneField(Student, on_delete=models.CASCADE, related_name="care")
    allergies = models.CharField(_("allergies"), max_length=300, blank=True)
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    medicines = models.CharField(_("medicines"), max_length=300, blank=True)
    blood_group = models.CharField(_("blood group"), max_length=4, blank=True)
    doctor = models.CharField(_("doctor or hospital"), max_length=160, blank=True)
    need = models.CharField(_("kind of need"), max_length=14, choices=choices.Need.choices, blank=True, default="")
    need_note = models.TextField(_("what helps"), max_length=2000, blank=True)
    religion = models.CharField(
        _("religious education"), max_length=8, choices=choices.Religion.choices, blank=True, default=""
    )

    def __str__(self) -> str:
        return str(self.student)


class Look(SchoolModel):
    """Somebody saw parts of a care record. Never changed, never removed."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="looks", db_index=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    name = models.CharField(max_length=150)
    groups = models.JSONField(default=list)
    door = models.CharField(max_length=6, choices=choices.Door.choices, default=choices.Door.PAGE)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at"], name="records_look_newest"),
            models.Index(fields=["student", "-at"], name="records_look_of"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.student}"


class Alert(SchoolModel):
    """A word about a student that stands out on their page, while it lasts."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="alerts")
    text = models.CharField(_("what to know"), max_length=120)
    severity = models.CharField(
        _("severity"), max_length=4, choices=choices.Severity.choices, default=choices.Severity.INFO
    )
    audience = models.CharField(
        _("seen by"), max_length=6, choices=choices.Audience.choices, default=choices.Audience.STAFF
    )
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["severity", "text"]

    def __str__(self) -> str:
        return self.text

    def lasts(self, on: date) -> bool:
        """Whether it still stands on a day."""
        return self.until is None or on <= self.until


class Consent(SchoolModel):
    """One answer of a guardian to one purpose; the newest counts, the earlier ones stay."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="consents", db_index=False)
    guardian = models.ForeignKey(Guardian, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    purpose = models.CharField(_("purpose"), max_length=16, choices=choices.Purpose.choices)
    given = models.BooleanField(_("given"))
    on_paper = models.BooleanField(_("on paper"), default=False)
    at = models.DateTimeField(_("when"))
    noted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["student", "purpose", "-at"], name="records_consent_newest")]

    def __str__(self) -> str:
        return f"{self.student}: {self.get_purpose_display()}"


class Document(SchoolModel):
    """A paper in somebody's file."""

    student = models.ForeignKey(Student, null=True, blank=True, on_delete=models.CASCADE, related_name="documents")
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=18, choices=choices.DocumentKind.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    file = models.CharField(max_length=200)
    size = models.PositiveIntegerField(default=0)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    added_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["kind", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(student__isnull=False, staff__isnull=True) | Q(student__isnull=True, staff__isnull=False),
                name="records_document_of_one_person",
            )
        ]
        indexes = [
            models.Index(fields=["expires_on"], name="records_document_expiry", condition=Q(expires_on__isnull=False))
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    @property
    def person(self) -> Student | Staff:
        """Whose file it is in."""
        person = self.student or self.staff
        assert person is not None
        return person
