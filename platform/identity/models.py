"""Who may enter: people and service accounts of one school, or the platform's operators."""

import hashlib
import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import EverywhereManager, EverywhereModel
from identity import roles


class Kind(models.TextChoices):
    """A person, or a program that acts for the school."""

    PERSON = "person", _("Person")
    SERVICE = "service", _("Service account")


class Language(models.TextChoices):
    """The languages of the pages."""

    ENGLISH = "en", "English"
    KISWAHILI = "sw", "Kiswahili"


class Users(EverywhereManager["User"]):
    """Users of the current scope."""

    def get_by_natural_key(self, username: str) -> "User":
        """The user of this name, whatever its case."""
        return self.get_queryset().get(username__iexact=username)


class User(AbstractBaseUser, EverywhereModel):
    """Somebody who signs in here. The same person at another school is another user there."""

    username = models.CharField(_("username"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    full_name = models.CharField(_("name"), max_length=150)
    roles = ArrayField(models.CharField(max_length=12, choices=roles.Role.choices), default=list)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.ENGLISH)
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="identity_user_username"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=list(roles.Role.values)), name="identity_user_known_roles"
            ),
        ]
        indexes = [
            models.Index(Lower("email"), name="identity_user_email", condition=~Q(email="")),
            models.Index(fields=["phone"], name="identity_user_phone", condition=~Q(phone="")),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def has_role(self, *wanted: str) -> bool:
        """True when the user holds any of these roles."""
        return not set(wanted).isdisjoint(self.roles)

    @property
    def first_name(self) -> str:
        """The name to greet by."""
        return self.full_name.split(" ")[0]

    @property
    def role_name(self) -> str:
        """The first role, in words."""
        return str(roles.Role(self.roles[0]).label) if self.roles else ""

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with every sign-out everywhere."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Any:
        """The same under earlier secret keys."""
        return (f"{digest}.{self.session_epoch}" for digest in super().get_session_auth_fallback_hash())


class ApiKey(EverywhereModel):
    """A long-lived key of a service account: shown once, kept as a hash, limited by scopes."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=60), default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="identity_api_key_digest")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def hashed(key: str) -> str:
        """SHA-256 of a key: 190 bits of chance need no slow hash."""
        return hashlib.sha256(key.encode()).hexdigest()

    @staticmethod
    def fresh() -> str:
        """A new key of the form `sk_<32 url-safe bytes>`."""
        return f"sk_{secrets.token_urlsafe(32)}"
