"""Cards, letters and what they are made from."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import Language, User
from schools.papers.choices import BatchKind, BatchState, LetterKind
from schools.people.models import Staff, Student


class Card(SchoolModel):
    """One ID card of one person; a new one ends those before it."""

    student = models.ForeignKey(Student, null=True, on_delete=models.CASCADE, related_name="cards", db_index=False)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="cards", db_index=False)
    number = models.PositiveSmallIntegerField(_("card number"))
    valid_until = models.DateField(_("valid until"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["student", "number"], name="papers_card_of_student"),
            models.UniqueConstraint(fields=["staff", "number"], name="papers_card_of_staff"),
            models.CheckConstraint(
                condition=Q(student__isnull=False, staff__isnull=True) | Q(student__isnull=True, staff__isnull=False),
                name="papers_card_of_one_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.number}"

    @property
    def holder(self) -> Student | Staff:
        """Whose card it is."""
        holder = self.student or self.staff
        assert holder is not None
        return holder

    def is_valid(self, on: date) -> bool:
        """Whether it opens a gate on a day, as far as the card itself goes."""
        return self.ended_at is None and on <= self.valid_until


class Batch(SchoolModel):
    """Papers that are set together in the background, and fetched while they are kept."""

    kind = models.CharField(max_length=12, choices=BatchKind.choices)
    title = models.CharField(_("what"), max_length=160)
    ids = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=BatchState.choices, default=BatchState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=200, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at"], name="papers_batch_newest")]

    def __str__(self) -> str:
        return self.title


class Template(SchoolModel):
    """The words of a letter, with fields in braces that each letter fills."""

    kind = models.CharField(_("kind"), max_length=16, choices=LetterKind.choices, default=LetterKind.OTHER)
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.ENGLISH)
    title = models.CharField(_("heading"), max_length=120)
    body = models.TextField(_("text"))

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], name="papers_template_name",
                violation_error_message=_("Another template has this name."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Letter(SchoolModel):
    """A letter as it was issued: its words never change, and its number is never given again."""

    kind = models.CharField(_("kind"), max_length=16, choices=LetterKind.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="letters")
    language = models.CharField(max_length=5, choices=Language.choices)
    title = models.CharField(_("heading"), max_length=160)
    text = models.TextField()
    signed_by = models.CharField(max_length=160)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    shared = models.BooleanField(_("shown to guardians"), default=False)
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "year", "number"], name="papers_letter_number")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """How the letter is quoted: kind, number and year."""
        return f"{self.kind[:3].upper()}/{self.number:04}/{self.year}"
