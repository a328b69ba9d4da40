"""The words of admissions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where an application stands."""

    ENQUIRY = "enquiry", _("Enquiry")
    APPLIED = "applied", _("Applied")
    INTERVIEW = "interview", _("Interview")
    WAITING = "waiting", _("Waiting list")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (Stage.ENQUIRY, Stage.APPLIED, Stage.INTERVIEW, Stage.WAITING, Stage.OFFERED, Stage.ACCEPTED)
MOVES: dict[str, tuple[str, ...]] = {
    Stage.ENQUIRY: (Stage.APPLIED, Stage.WITHDRAWN, Stage.DECLINED),
    Stage.APPLIED: (Stage.INTERVIEW, Stage.OFFERED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN),
    Stage.INTERVIEW: (Stage.OFFERED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN),
    Stage.WAITING: (Stage.INTERVIEW, Stage.OFFERED, Stage.DECLINED, Stage.WITHDRAWN),
    Stage.OFFERED: (Stage.ACCEPTED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN),
    Stage.ACCEPTED: (Stage.WITHDRAWN,),
    Stage.DECLINED: (Stage.APPLIED,),
    Stage.WITHDRAWN: (Stage.APPLIED,),
}


class Source(models.TextChoices):
    """How the application came."""

    ONLINE = "online", _("Form")
    OFFICE = "office", _("At the office")


class Kind(models.TextChoices):
    """What is typed into a field."""

    TEXT = "text", _("Short text")
    LONG = "long", _("Long text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of several")
    YESNO = "yesno", _("Yes or no")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    FILE = "file", _("File")
