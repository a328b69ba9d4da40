"""The words of messages and of their deliveries."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a message is about; people choose by topic how they want to be reached."""

    GENERAL = "general", _("General")
    ATTENDANCE = "attendance", _("Attendance")
    FEES = "fees", _("Fees")
    MARKS = "marks", _("Marks and reports")
    EVENT = "event", _("Events")
    EMERGENCY = "emergency", _("Emergency")
    ACCOUNT = "account", _("Your account")


class Channel(models.TextChoices):
    """How a message travels."""

    IN_APP = "in_app", _("In the app")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Push notice")
    WHATSAPP = "whatsapp", _("WhatsApp")


class Reader(models.TextChoices):
    """Who of an audience is written to."""

    GUARDIANS = "guardians", _("Guardians")
    STUDENTS = "students", _("Students")
    STAFF = "staff", _("Staff")


class State(models.TextChoices):
    """Where a message stands."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for approval")
    SCHEDULED = "scheduled", _("Scheduled")
    SENDING = "sending", _("Being sent")
    PAUSED = "paused", _("Paused")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")


class Delivery(models.TextChoices):
    """Where one message to one address stands."""

    QUEUED = "queued", _("Waiting")
    TRYING = "trying", _("Being handed over")
    SENT = "sent", _("Handed over")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Not known")
    LEFT_OUT = "left_out", _("Left out")


FINAL = (Delivery.DELIVERED, Delivery.FAILED, Delivery.LEFT_OUT)


class Why(models.TextChoices):
    """Why a delivery failed or was left out."""

    NO_ADDRESS = "no_address", _("No number or address is known")
    BAD_ADDRESS = "bad_address", _("The number or address cannot be right")
    NO_ACCOUNT = "no_account", _("Has no account in the app")
    OPTED_OUT = "opted_out", _("Does not want messages")
    NOT_WANTED = "not_wanted", _("Does not want this kind this way")
    NO_PUSH = "no_push", _("Has no phone signed up for push notices")
    REFUSED = "refused", _("Refused by the provider")
    NO_ROUTE = "no_route", _("The network cannot reach the number")
    NOT_DELIVERED = "not_delivered", _("The network gave up")
    EXPIRED = "expired", _("The phone was off too long")
    NO_BALANCE = "no_balance", _("The SMS balance is used up")
    BAD_SENDER = "bad_sender", _("The sender name is not registered")
    BROKEN = "broken", _("The provider could not be reached")
    LOST = "lost", _("The provider's answer was lost")
    CANCELLED = "cancelled", _("Stopped before it was sent")


class Entry(models.TextChoices):
    """Why the school's SMS credit moved."""

    USED = "used", _("Handed over")
    BACK = "back", _("Not sent after all")
    BOUGHT = "bought", _("Added")


class Suppressed(models.TextChoices):
    """Why an address gets nothing any more."""

    OPTED_OUT = "opted_out", _("Asked for it")
    BLACKLIST = "blacklist", _("On the provider's blacklist")
    SCHOOL = "school", _("Blocked by the school")
