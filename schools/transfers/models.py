"""One transfer, as each of the two schools keeps it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.people.models import Guardian, Student
from schools.transfers import choices


class Transfer(SchoolModel):
    """A student on the way. `school` and `other` name the other school's id and its row; both empty for one outside.

    `package` is where the sealed package lies in this school's own files.
    """

    way = models.CharField(max_length=3, choices=choices.Way.choices)
    state = models.CharField(_("state"), max_length=9, choices=choices.State.choices, default=choices.State.ASKED)
    student = models.ForeignKey(
        Student, null=True, blank=True, on_delete=models.SET_NULL, related_name="transfers", verbose_name=_("student")
    )
    name = models.CharField(_("name"), max_length=200)
    school_name = models.CharField(_("the other school"), max_length=120)
    school = models.UUIDField(null=True, blank=True)
    other = models.UUIDField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    last_day = models.DateField(_("last day at the old school"))
    consented_by = models.ForeignKey(
        Guardian, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False,
        verbose_name=_("guardian who agrees"),
    )  # fmt: skip
    with_documents = models.BooleanField(_("the documents go along"), default=True)
    with_care = models.BooleanField(_("the care record goes along"), default=False)
    package = models.CharField(max_length=200, blank=True)
    answer = models.CharField(_("what was said"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(way="out", state__in=["asked", "offered", "agreed"]),
                name="transfers_one_open",
            ),
            models.UniqueConstraint(fields=["school", "other", "way"], name="transfers_other_once"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
