"""The words that a person's record may hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(models.TextChoices):
    """As on the birth certificate."""

    FEMALE = "F", _("Female")
    MALE = "M", _("Male")
    UNKNOWN = "U", _("Not recorded")


class StudentStatus(models.TextChoices):
    """Where a student stands at the school."""

    ENROLLED = "enrolled", _("Enrolled")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left")
    GRADUATED = "graduated", _("Graduated")


class Boarding(models.TextChoices):
    """Whether a student sleeps at the school."""

    DAY = "day", pgettext_lazy("day or boarding", "Day")
    BOARDER = "boarder", _("Boarder")


class IdentifierType(models.TextChoices):
    """Numbers that others know a learner by."""

    UPI = "upi", _("UPI (NEMIS)")
    KNEC_ASSESSMENT = "knec_assessment", _("KNEC assessment number")
    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
    MAISHA_NAMBA = "maisha_namba", _("Maisha Namba")
    PASSPORT = "passport", _("Passport")
    REFUGEE = "refugee", _("Refugee document")
    PREVIOUS = "previous", _("Number at the previous school")


class Relationship(models.TextChoices):
    """What a guardian is to a student."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    GRANDPARENT = "grandparent", _("Grandparent")
    AUNT_UNCLE = "aunt_uncle", _("Aunt or uncle")
    SIBLING = "sibling", _("Brother or sister")
    GUARDIAN = "guardian", _("Guardian")
    SPONSOR = "sponsor", _("Sponsor")


class StaffStatus(models.TextChoices):
    """Whether somebody works here now."""

    ACTIVE = "active", _("Working")
    ON_LEAVE = "on_leave", _("On leave")
    LEFT = "left", _("Left")


class PhotoState(models.TextChoices):
    """What became of an uploaded photo."""

    WAITING = "waiting", _("Being prepared")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Not usable")
