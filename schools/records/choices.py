"""The words of a student's file."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """Parts of the care record; each is seen by the roles that need it (see `policies.SEEN_BY`)."""

    ALLERGIES = "allergies", _("Allergies")
    HEALTH = "health", _("Health")
    NEEDS = "needs", _("Special needs")
    RELIGION = "religion", _("Religion")


class Need(models.TextChoices):
    """Kinds of special needs, as the ministry's forms name them."""

    NONE = "", _("None recorded")
    VISUAL = "visual", _("Visual impairment")
    HEARING = "hearing", _("Hearing impairment")
    PHYSICAL = "physical", _("Physical impairment")
    INTELLECTUAL = "intellectual", _("Intellectual disability")
    AUTISM = "autism", _("Autism")
    LEARNING = "learning", _("Learning difficulty")
    SPEECH = "speech", _("Speech and language")
    GIFTED = "gifted", _("Gifted and talented")
    OTHER = "other", _("Other")


class Religion(models.TextChoices):
    """The religious education that a student takes."""

    NONE = "", _("None recorded")
    CRE = "cre", _("Christian religious education")
    IRE = "ire", _("Islamic religious education")
    HRE = "hre", _("Hindu religious education")
    OTHER = "other", _("Other, or none")


class Severity(models.TextChoices):
    """How much an alert matters."""

    INFO = "info", _("To know")
    WARN = "warn", _("Take care")
    BAD = "bad", _("Danger")


class Audience(models.TextChoices):
    """Who sees an alert."""

    STAFF = "staff", _("Everybody who works here")
    OFFICE = "office", _("The office alone")


class Purpose(models.TextChoices):
    """What a guardian consents to, each on its own (Data Protection Act 2019, section 33)."""

    PHOTO_SCHOOL = "photo_school", _("Photo on cards and lists inside the school")
    PHOTO_PUBLIC = "photo_public", _("Photo in newsletters, on the website and in the press")
    RESULTS_PUBLIC = "results_public", _("Name and results published outside the school")
    SHARING = "sharing", _("Details given to partners, such as an examiner or a bus company")
    TRIPS = "trips", _("Trips outside the school")
    TREATMENT = "treatment", _("First aid and medical treatment in an emergency")


class DocumentKind(models.TextChoices):
    """What a document is."""

    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
    PASSPORT = "passport", _("Passport")
    REPORT = "report", _("Report of the previous school")
    MEDICAL = "medical", _("Medical document")
    CONTRACT = "contract", _("Contract")
    CERTIFICATE = "certificate", _("Certificate")
    FIRST_AID = "first_aid", _("First-aid certificate")
    CONDUCT = "conduct", _("Certificate of good conduct")
    OTHER = "other", _("Other")


class Door(models.TextChoices):
    """Where somebody looked."""

    PAGE = "page", _("Page")
    API = "api", _("Program")
