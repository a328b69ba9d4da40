"""Schools, their hosts, and the template their schemas are copied from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import PublicModel
from tenants import naming


class State(models.TextChoices):
    """Where a school stands in its life."""

    REQUESTED = "requested", _("Requested")
    PROVISIONING = "provisioning", _("Being set up")
    LIVE = "live", _("Live")
    READ_ONLY = "read_only", _("Read-only")
    SUSPENDED = "suspended", _("Suspended")
    FAILED = "failed", _("Set-up failed")
    ARCHIVED = "archived", _("Archived")
    ERASING = "erasing", _("Being erased")


class Step(models.TextChoices):
    """What of a school's set-up has been done."""

    REQUESTED = "requested", _("Requested")
    SCHEMA = "schema", _("Tables built")
    SEED = "seed", _("First data in place")
    DOMAIN = "domain", _("Address reserved")
    LIVE = "live", _("Open")


class UpgradeState(models.TextChoices):
    """How far one school's move to a version has come."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Wave(models.IntegerChoices):
    """Who is brought to a new version first."""

    CANARIES = 0, _("Canaries")
    FEW = 1, _("One in twenty")
    REST = 2, _("The rest")


class SchoolKind(models.TextChoices):
    """What a school teaches."""

    BASIC = "basic", _("Pre-primary to Grade 9")
    PRIMARY = "primary", _("Pre-primary and primary, to Grade 6")
    JUNIOR = "junior", _("Junior school, Grades 7 to 9")
    SENIOR = "senior", _("Senior school, Grades 10 to 12 and Forms")
    ALL = "all", _("Pre-primary to Grade 12")


class School(PublicModel):
    """One school on the platform: its address, its schema, its state and the facts its pages show."""

    slug = models.CharField(max_length=40)
    schema = models.CharField(max_length=48, validators=[naming.check_schema])
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REQUESTED)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.REQUESTED)
    state_reason = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    head_name = models.CharField(_("head's name"), max_length=120, blank=True)
    head_email = models.EmailField(_("head's e-mail"), blank=True)
    facts = models.JSONField(default=dict, blank=True)
    is_canary = models.BooleanField(_("gets new versions first"), default=False, db_default=False)
    limits = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    requested_by = models.CharField(max_length=120, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="tenants_school_slug"),
            models.UniqueConstraint(fields=["schema"], name="tenants_school_schema"),
            models.CheckConstraint(
                condition=Q(schema__regex=r"^[a-z][a-z0-9_]{0,47}$")
                & ~Q(schema__startswith="pg_")
                & ~Q(schema__in=sorted(naming.RESERVED_SCHEMAS)),
                name="tenants_school_schema_strict",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(PublicModel):
    """A host name that opens a school."""

    host = models.CharField(max_length=253)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="domains")
    is_primary = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host"], name="tenants_domain_host"),
            models.UniqueConstraint(fields=["school"], condition=Q(is_primary=True), name="tenants_domain_one_primary"),
        ]

    def __str__(self) -> str:
        return self.host


class Template(PublicModel):
    """The dump that a new school's schema is replayed from, named by the hash of its migrations."""

    fingerprint = models.CharField(max_length=64)
    sql = models.TextField()
    tables = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fingerprint"], name="tenants_template_fingerprint")]

    def __str__(self) -> str:
        return self.fingerprint[:12]


class Usage(PublicModel):
    """How much a school uses, as it was last counted inside the school; lists of schools read only this."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="usage")
    students = models.PositiveIntegerField(default=0)
    staff = models.PositiveIntegerField(default=0)
    active_users = models.PositiveIntegerField(default=0)
    active_by_day = ArrayField(models.PositiveIntegerField(), default=list)
    storage_bytes = models.PositiveBigIntegerField(default=0)
    last_sign_in_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.school_id} at {self.taken_at:%Y-%m-%d %H:%M}"


class CopyKind(models.TextChoices):
    """What a copy holds."""

    ARCHIVE = "archive", _("Whole school, for restoring")
    EXPORT = "export", _("Portable export")
    CLUSTER = "cluster", _("Base backup of the cluster")


class CopyState(models.TextChoices):
    """How far the making of a copy is, and whether it can still be had."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Removed")


class CopyReason(models.TextChoices):
    """Why a copy was made; it decides how long it is kept."""

    ASKED = "asked", _("asked for")
    SCHEDULE = "schedule", _("by schedule")
    ARCHIVED = "archived", _("the school was archived")
    MOMENT = "moment", _("taken out of an earlier moment")


class Copy(PublicModel):
    """A copy of a school, or of the whole cluster, that lies outside the database."""

    kind = models.CharField(max_length=8, choices=CopyKind.choices)
    state = models.CharField(max_length=8, choices=CopyState.choices, default=CopyState.WAITING)
    reason = models.CharField(max_length=8, choices=CopyReason.choices, default=CopyReason.ASKED)
    school_id = models.UUIDField(null=True)
    asked_by = models.CharField(max_length=150, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=300, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["school_id", "kind", "-created_at"], name="tenants_copy_school"),
            models.Index(fields=["kind", "-finished_at"], name="tenants_copy_kind"),
        ]

    def __str__(self) -> str:
        return self.file or f"{self.kind} {self.pk}"


class RestorationState(models.TextChoices):
    """How far a school's way back is."""

    LOADING = "loading", _("Being loaded beside the school")
    READY = "ready", _("Ready to be looked at")
    SWAPPED = "swapped", _("In the school's place")
    DISCARDED = "discarded", _("Thrown away")
    FAILED = "failed", _("Failed")


class Restoration(PublicModel):
    """A school's earlier self, loaded beside it, compared with it and, when somebody says so, put in its place."""

    school_id = models.UUIDField()
    source = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=RestorationState.choices, default=RestorationState.LOADING)
    side = models.CharField(max_length=48)
    is_drill = models.BooleanField(default=False)
    made_at = models.DateTimeField(null=True)
    differences = models.JSONField(default=list)
    asked_by = models.CharField(max_length=150, blank=True)
    kept = models.CharField(max_length=48, blank=True)
    keep_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["school_id", "-created_at"], name="tenants_restoration_school")]

    def __str__(self) -> str:
        return f"{self.side} from {self.source}"


class Erasure(PublicModel):
    """The end of a school: asked for by one operator, confirmed by another, done after a grace; then its tombstone."""

    school_id = models.UUIDField()
    slug = models.CharField(max_length=40)
    schema = models.CharField(max_length=48)
    state_before = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    asked_by_id = models.UUIDField(null=True)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=150, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    taken_back_by = models.CharField(max_length=150, blank=True)
    taken_back_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    certificate = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_id"], condition=Q(taken_back_at=None), name="tenants_erasure_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.slug


class SignUpState(models.TextChoices):
    """How far a school's own request is."""

    UNCONFIRMED = "unconfirmed", _("E-mail not proven yet")
    WAITING = "waiting", _("Waits for an answer")
    APPROVED = "approved", _("Taken in")
    REFUSED = "refused", _("Not taken in")


class SignUp(PublicModel):
    """A school that asks for itself on the platform's own page."""

    state = models.CharField(max_length=11, choices=SignUpState.choices, default=SignUpState.UNCONFIRMED)
    slug = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=10, choices=SchoolKind.choices)
    plan = models.CharField(max_length=20)
    head_name = models.CharField(_("head's name"), max_length=120)
    head_email = models.EmailField(_("head's e-mail"))
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    wants_example = models.BooleanField(default=False)
    language = models.CharField(max_length=5)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    school = models.ForeignKey(School, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug"], condition=Q(state="waiting"), name="tenants_sign_up_one_waiting")
        ]
        indexes = [models.Index(fields=["state", "confirmed_at"], name="tenants_sign_up_state")]

    def __str__(self) -> str:
        return self.name


class Rollout(PublicModel):
    """One version's way through the fleet, named by the digest of its migrations, and what holds it."""

    target = models.CharField(max_length=32)
    stop_after = models.PositiveIntegerField(default=10)
    past_canaries = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target"], name="tenants_rollout_target")]

    def __str__(self) -> str:
        return self.target[:12]


class Upgrade(PublicModel):
    """One school's last move to a version; rows are claimed by the workers of a rollout."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="upgrade")
    target = models.CharField(max_length=32)
    wave = models.PositiveSmallIntegerField(choices=Wave.choices)
    place = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=UpgradeState.choices, default=UpgradeState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    road = models.CharField(max_length=4, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["target", "wave", "state", "place"], name="tenants_upgrade_next")]

    def __str__(self) -> str:
        return f"{self.school_id} to {self.target[:12]}: {self.state}"


class Callback(PublicModel):
    """An address on our own host at which a provider calls back; the token names the school, and nothing else does."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="callbacks", db_index=False)
    purpose = models.CharField(max_length=20)
    token = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "purpose"], name="tenants_callback_once")]

    def __str__(self) -> str:
        return f"{self.school} {self.purpose}"
