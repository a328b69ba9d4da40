"""Houses, the school's own fields, and what a student's record holds of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from schools.details import choices
from schools.people.models import Student


class House(SchoolModel):
    """A house that students belong to, for games, duties or dormitories."""

    name = models.CharField(_("house"), max_length=60)
    colour = models.CharField(
        _("colour"), max_length=4, choices=choices.Colour.choices, default=choices.Colour.NONE, blank=True
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="details_house_name",
                violation_error_message=_("Another house has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OwnField(SchoolModel):
    """A fact that this school asks of every student; answers stay under its key when the label changes."""

    key = models.CharField(max_length=40, editable=False)
    label = models.CharField(_("question"), max_length=80)
    kind = models.CharField(
        _("kind of answer"), max_length=12, choices=choices.FieldKind.choices, default=choices.FieldKind.TEXT
    )
    options = models.JSONField(_("list to choose from"), default=list, blank=True)
    help_text = models.CharField(_("help"), max_length=160, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    audience = models.CharField(
        _("read by"), max_length=6, choices=choices.Audience.choices, default=choices.Audience.OFFICE
    )
    place = models.PositiveSmallIntegerField(_("place"), default=1)
    retired = models.BooleanField(_("asked no longer"), default=False)

    class Meta:
        ordering = ["place", "label", "pk"]
        constraints = [models.UniqueConstraint(fields=["key"], name="details_field_key")]

    def __str__(self) -> str:
        return self.label


class Details(SchoolModel):
    """What the school notes of one student beyond the record itself."""

    student = models.OneToOneField(Student, on_delete=models.CASCADE, related_name="details")
    house = models.ForeignKey(House, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    previous_school = models.CharField(_("previous school"), max_length=120, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    answers = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("details")
        verbose_name_plural = _("details")

    def __str__(self) -> str:
        return str(self.student)
