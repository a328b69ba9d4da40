"""Messages, what became of each to each address, and how people want to be reached."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from schools.messaging import choices
from schools.people.models import Guardian, Staff, Student


class Settings(SchoolModel):
    """How this school sends: one row. The provider's key is sealed (`core.sealing`)."""

    provider = models.CharField(_("SMS provider"), max_length=20, default="console", db_default="console")
    username = models.CharField(_("provider's user name"), max_length=60, blank=True, default="", db_default="")
    sealed_key = models.TextField(blank=True, default="", db_default="", editable=False)
    sender = models.CharField(_("sender name"), max_length=11, blank=True, default="", db_default="")
    price = models.DecimalField(
        _("price of one SMS part"), max_digits=8, decimal_places=4, default="0.8000", db_default="0.8000",
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    currency = models.CharField(max_length=3, default="KES", db_default="KES")
    quiet_from = models.TimeField(_("quiet from"), default="20:00", db_default="20:00")
    quiet_until = models.TimeField(_("quiet until"), default="06:30", db_default="06:30")
    approval_above = models.DecimalField(
        _("a head approves what costs more than"), max_digits=10, decimal_places=2, default="2000.00",
        db_default="2000.00", validators=[MinValueValidator(0)],
    )  # fmt: skip
    balance_low = models.PositiveIntegerField(_("warn when fewer parts are left than"), default=200, db_default=200)

    def __str__(self) -> str:
        return self.provider


class Template(SchoolModel):
    """A text to start from; `key` names those that the system itself sends."""

    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=40, blank=True, default="")
    topic = models.CharField(_("about"), max_length=10, choices=choices.Topic.choices, default=choices.Topic.GENERAL)
    title = models.CharField(_("title"), max_length=120, blank=True)
    body = models.TextField(_("text"), max_length=1500)
    body_sw = models.TextField(_("text in Kiswahili"), max_length=1500, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="messaging_template_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Message(SchoolModel):
    """Something said to an audience; `once` names what the system sends by itself, so that it is sent once.

    `audience` is a list of {"key", "value"}; `readers` and `channels` lists of their choices. `plan` is what preparing
    it found: recipients, parts and cost by channel.
    """

    topic = models.CharField(_("about"), max_length=10, choices=choices.Topic.choices, default=choices.Topic.GENERAL)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=1500)
    body_sw = models.TextField(_("text in Kiswahili"), max_length=1500, blank=True)
    audience = models.JSONField(default=list, blank=True)
    readers = models.JSONField(default=list, blank=True)
    channels = models.JSONField(default=list, blank=True)
    confidential = models.BooleanField(_("confidential"), default=False)
    state = models.CharField(max_length=10, choices=choices.State.choices, default=choices.State.DRAFT)
    send_at = models.DateTimeField(_("send at"), null=True, blank=True)
    once = models.CharField(max_length=80, blank=True, default="")
    plan = models.JSONField(default=dict, blank=True)
    written_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="messaging_message_once")]
        indexes = [models.Index(fields=["-created_at"], name="messaging_message_newest")]

    def __str__(self) -> str:
        return self.title


class Delivery(SchoolModel):
    """One message to one address. `about` are the students it speaks of; `attempt` names the call last begun."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=8, choices=choices.Channel.choices)
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=160)
    guardian = models.ForeignKey(Guardian, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    student = models.ForeignKey(Student, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    about = models.JSONField(default=list, blank=True)
    text = models.TextField()
    parts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=choices.Delivery.choices, default=choices.Delivery.QUEUED)
    why = models.CharField(max_length=14, choices=choices.Why.choices, blank=True, default="")
    said = models.CharField(max_length=120, blank=True, default="")
    provider_id = models.CharField(max_length=80, blank=True, default="")
    cost = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    attempt = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    try_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel", "address"], name="messaging_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["user", "-created_at"], condition=Q(channel="in_app"), name="messaging_delivery_inbox"
            ),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="messaging_delivery_provider"),
            models.Index(
                fields=["state", "channel"], condition=Q(state__in=["queued", "trying", "unknown"]),
                name="messaging_delivery_open",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} {self.channel}"


class Report(SchoolModel):
    """What a provider said of a delivery, as it came; the same is stored once."""

    provider_id = models.CharField(max_length=80)
    status = models.CharField(max_length=40)
    payload = models.JSONField(default=dict, blank=True)
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["provider_id", "status"], name="messaging_report_once")]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.status}"


class Suppression(SchoolModel):
    """An address that gets nothing any more on a channel."""

    channel = models.CharField(max_length=8, choices=choices.Channel.choices)
    address = models.CharField(max_length=254)
    why = models.CharField(max_length=10, choices=choices.Suppressed.choices)

    class Meta:
        ordering = ["address"]
        constraints = [models.UniqueConstraint(fields=["channel", "address"], name="messaging_suppression_once")]

    def __str__(self) -> str:
        return self.address


class Preference(SchoolModel):
    """Whether an address wants a topic by a channel; where there is no row, it does."""

    channel = models.CharField(max_length=8, choices=choices.Channel.choices)
    address = models.CharField(max_length=254)
    topic = models.CharField(max_length=10, choices=choices.Topic.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "address", "topic"], name="messaging_preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.topic} {self.channel}"


class Credit(SchoolModel):
    """One movement of the school's SMS parts; the balance is their sum, and no row is ever changed."""

    parts = models.IntegerField()
    kind = models.CharField(max_length=6, choices=choices.Entry.choices)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="credits")
    once = models.CharField(max_length=80)
    note = models.CharField(max_length=160, blank=True, default="")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["once"], name="messaging_credit_once"),
            models.CheckConstraint(condition=~Q(parts=0), name="messaging_credit_moves"),
        ]
        indexes = [models.Index(fields=["created_at"], name="messaging_credit_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.parts}"


class Announcement(SchoolModel):
    """A notice on the board of those it is meant for."""

    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=4000)
    audience = models.JSONField(default=list, blank=True)
    readers = models.JSONField(default=list, blank=True)
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("until"), null=True, blank=True)
    pinned = models.BooleanField(_("keep on top"), default=False)
    must_confirm = models.BooleanField(_("ask everybody to confirm that they read it"), default=False)
    written_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pinned", "-from_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gte=models.F("from_day")),
                name="messaging_announcement_days",
            ),
        ]
        indexes = [models.Index(fields=["-from_day"], name="messaging_announcement_newest")]

    def __str__(self) -> str:
        return self.title


class Receipt(SchoolModel):
    """Somebody who read an announcement."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="receipts", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "user"], name="messaging_receipt_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.announcement}"
