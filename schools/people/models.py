"""Students, their guardians and households, and the staff."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock, text
from core.models import SchoolModel
from identity.models import Language, User
from schools.people import choices


class Household(SchoolModel):
    """People who live under one roof and share an address."""

    name = models.CharField(_("household"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    county = models.CharField(_("county"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Person(SchoolModel):
    """A name as it is written and as it is searched for."""

    first_name = models.CharField(_("first name"), max_length=80)
    middle_name = models.CharField(_("middle name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    search = models.CharField(max_length=400, editable=False, default="")
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="%(class)s")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.short_name

    @property
    def full_name(self) -> str:
        """Every name, in order."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)

    @property
    def short_name(self) -> str:
        """First and last name, as lists show it."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    def search_parts(self) -> list[str]:
        """What the person may be looked up by."""
        return [self.first_name, self.middle_name, self.last_name]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search column in step with the names."""
        self.refresh_search()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "search", "updated_at"}
        super().save(*args, **kwargs)

    def refresh_search(self) -> None:
        """Rebuild the search column; bulk writers call this themselves."""
        self.search = text.search_form(" ".join(self.search_parts()))[:400]


class Student(Person):
    """A learner on the school's roll."""

    admission_number = models.CharField(_("admission number"), max_length=30)
    admission_key = models.CharField(max_length=30, editable=False)
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=choices.Sex.choices, default=choices.Sex.UNKNOWN)
    status = models.CharField(
        _("status"), max_length=10, choices=choices.StudentStatus.choices, default=choices.StudentStatus.ENROLLED
    )
    boarding = models.CharField(
        _("day or boarding"), max_length=8, choices=choices.Boarding.choices, default=choices.Boarding.DAY
    )
    admitted_on = models.DateField(_("admitted on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    nationality = models.CharField(_("nationality"), max_length=60, blank=True, default="")
    county = models.CharField(_("home county"), max_length=60, blank=True)
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.SET_NULL, related_name="students")
    guardians = models.ManyToManyField("people.Guardian", through="people.Guardianship", related_name="students")

    class Meta:
        ordering = ["first_name", "last_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["admission_key"],
                name="people_student_admission",
                violation_error_message=_("Another student has this admission number."),
            ),
        ]
        indexes = [
            models.Index(fields=["first_name", "last_name", "id"], name="people_student_name"),
            models.Index(fields=["-updated_at"], name="people_student_updated"),
        ]

    def search_parts(self) -> list[str]:
        """Names and admission number."""
        return [*super().search_parts(), self.admission_number]

    def refresh_search(self) -> None:
        """Rebuild the columns that searching and uniqueness read."""
        super().refresh_search()
        self.admission_key = text.match_form(self.admission_number)[:30]


class StudentIdentifier(SchoolModel):
    """A number that a ministry, an examiner or another school knows the student by."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="identifiers")
    type = models.CharField(_("kind of number"), max_length=20, choices=choices.IdentifierType.choices)
    value = models.CharField(_("number"), max_length=60)
    match = models.CharField(max_length=60, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    verified = models.BooleanField(_("seen on paper"), default=False)

    class Meta:
        ordering = ["type", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "match"],
                name="people_identifier_once",
                violation_error_message=_("Another student has this number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the comparison form in step."""
        self.match = text.match_form(self.value)[:60]
        super().save(*args, **kwargs)


class Guardian(Person):
    """An adult who answers for a student."""

    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.ENGLISH)
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.SET_NULL, related_name="guardians")

    class Meta:
        ordering = ["first_name", "last_name", "pk"]
        indexes = [
            models.Index(fields=["first_name", "last_name", "id"], name="people_guardian_name"),
            models.Index(fields=["phone"], name="people_guardian_phone", condition=~Q(phone="")),
        ]

    def search_parts(self) -> list[str]:
        """Names and phone, with and without the country's code."""
        return [*super().search_parts(), self.phone, "0" + self.phone[4:] if self.phone.startswith("+254") else ""]


class Guardianship(SchoolModel):
    """What one guardian is to one student, and what they may do."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="guardianships", db_index=False)
    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="guardianships")
    relationship = models.CharField(
        _("relationship"), max_length=12, choices=choices.Relationship.choices, default=choices.Relationship.GUARDIAN
    )
    call_order = models.PositiveSmallIntegerField(_("call order"), default=1)
    sees_portal = models.BooleanField(_("sees the child in the portal"), default=True)
    may_collect = models.BooleanField(_("may collect the child"), default=True)
    gets_messages = models.BooleanField(_("gets messages"), default=True)
    fee_share = models.PositiveSmallIntegerField(
        _("share of the fees in %"), default=0, db_default=0, validators=[MaxValueValidator(100)]
    )
    restricted_from = models.DateField(_("restricted by a court from"), null=True, blank=True)
    restricted_until = models.DateField(_("restricted until"), null=True, blank=True)
    restriction = models.CharField(_("what the court ordered"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        ordering = ["call_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["student", "guardian"], name="people_guardianship_once")]

    def __str__(self) -> str:
        return f"{self.guardian} · {self.get_relationship_display()}"

    def restricted_on(self, day: date) -> bool:
        """Whether a court keeps this guardian away from the child on a day; see `queries.unrestricted`."""
        begun = self.restricted_from is not None and self.restricted_from <= day
        return begun and (self.restricted_until is None or day <= self.restricted_until)

    @property
    def is_restricted(self) -> bool:
        """Restricted today."""
        return self.restricted_on(clock.today())

    @property
    def sees_portal_now(self) -> bool:
        """The right to the portal, as it holds today."""
        return self.sees_portal and not self.is_restricted

    @property
    def may_collect_now(self) -> bool:
        """The right to collect the child, as it holds today."""
        return self.may_collect and not self.is_restricted

    @property
    def gets_messages_now(self) -> bool:
        """Whether messages about the child go to this guardian today."""
        return self.gets_messages and not self.is_restricted


class Staff(Person):
    """Somebody who works at the school."""

    staff_number = models.CharField(_("staff number"), max_length=30)
    tsc_number = models.CharField(_("TSC number"), max_length=20, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=choices.Sex.choices, default=choices.Sex.UNKNOWN)
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    employed_on = models.DateField(_("employed on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=choices.StaffStatus.choices, default=choices.StaffStatus.ACTIVE
    )

    class Meta:
        ordering = ["first_name", "last_name", "pk"]
        verbose_name_plural = "staff"
        constraints = [
            models.UniqueConstraint(
                fields=["staff_number"],
                name="people_staff_number",
                violation_error_message=_("Another member of staff has this number."),
            ),
        ]

    def search_parts(self) -> list[str]:
        """Names, staff and TSC number."""
        return [*super().search_parts(), self.staff_number, self.tsc_number]


class Photo(SchoolModel):
    """A portrait of one student or one member of staff: the original, and the variants that pages show."""

    student = models.OneToOneField(Student, null=True, blank=True, on_delete=models.CASCADE, related_name="photo")
    staff = models.OneToOneField(Staff, null=True, blank=True, on_delete=models.CASCADE, related_name="photo")
    state = models.CharField(max_length=8, choices=choices.PhotoState.choices, default=choices.PhotoState.WAITING)
    original = models.CharField(max_length=200)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    variants = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(student__isnull=False, staff__isnull=True) | Q(student__isnull=True, staff__isnull=False),
                name="people_photo_of_one_person",
            ),
        ]

    def __str__(self) -> str:
        return self.original
