"""Accounts: create, invite, change; every write of a user goes through here."""

import contextlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from audit import recording as audit
from core import cache, jobs, scope, text
from core.errors import Conflict, DomainError, NotFound
from identity import roles as known
from identity import tokens
from identity.models import ApiKey, Kind, Language, User

RESETS_PER_NAME = 5
RESET_SECONDS = 3600
MOST_LETTERS = 5


@transaction.atomic
def create(
    *,
    username: str,
    full_name: str,
    roles: Sequence[str],
    by: audit.Actor | None,
    at: datetime,
    email: str = "",
    phone: str = "",
    language: str = "",
    password: str | None = None,
    kind: str = Kind.PERSON,
) -> User:
    """Add a user of the current scope, with a password or only an invitation; raises Conflict on a taken name.

    Without a language the user reads the school's own.
    """
    username = text.squash(username).lower()
    _check_roles(roles)
    if not username:
        raise DomainError(_("A username is needed."), errors={"username": [_("A username is needed.")]})
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(_("This username is taken."), errors={"username": [_("This username is taken.")]})
    user = User(
        username=username,
        full_name=text.squash(full_name),
        email=email.strip().lower(),
        phone=text.phone(phone) if phone else "",
        language=language or default_language(),
        roles=list(roles),
        kind=kind,
    )
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    audit.record("user.created", on=user, by=by, at=at, changes={"roles": list(roles), "kind": kind})
    return user


def default_language() -> str:
    """The language of the school's pages until somebody chooses another."""
    chosen = str(scope.current().facts.get("language", ""))
    return chosen if chosen in Language.values else Language.ENGLISH.value


@transaction.atomic
def invite(*, user: User, by: audit.Actor | None, at: datetime) -> None:
    """Send the user a link to choose a password with."""
    jobs.later("identity.send_invitation", user_id=str(user.pk))
    audit.record("user.invited", on=user, by=by, at=at)


@transaction.atomic
def ask_reset(*, name: str, at: datetime) -> None:
    """Send a link to everybody of this username, e-mail address or phone; who asks learns nothing from it.

    A name that was asked for too often within the hour gets no more letters.
    """
    tried = cache.count(f"resets:{text.match_form(name)[:80]}", RESET_SECONDS)
    if tried is not None and tried > RESETS_PER_NAME:
        return
    for user in known_as(name).exclude(email="")[:MOST_LETTERS]:
        jobs.later("identity.send_reset", user_id=str(user.pk))
        audit.record("user.reset_asked", on=user, by=None, at=at)


def known_as(name: str) -> QuerySet[User]:
    """The active people with this username, e-mail address or phone; a family may share the last two."""
    name = name.strip()
    wanted = Q(username__iexact=name)
    if "@" in name:
        wanted |= Q(email__iexact=name)
    else:
        with contextlib.suppress(ValueError):
            wanted |= Q(phone=text.phone(name))
    return User.objects.filter(wanted, is_active=True, kind=Kind.PERSON).order_by("pk")


@transaction.atomic
def set_password(*, user: User, password: str, by: audit.Actor | None, at: datetime) -> User:
    """Change a password and end every other session of the user; raises DomainError naming what is weak."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        messages = [str(m) for m in error.messages]
        raise DomainError(messages[0], errors={"password": messages}) from None
    user = User.objects.lock(user.pk)
    user.set_password(password)
    user.session_epoch += 1
    user.save(update_fields=["password", "session_epoch", "updated_at"])
    audit.record("user.password_changed", on=user, by=by, at=at)
    return user


@transaction.atomic
def choose_password(*, token: str, password: str, at: datetime) -> User:
    """Set the password that a link allows to choose, once; raises NotFound for a link that is used or too old."""
    user = tokens.user_for(token)
    if user is not None:
        User.objects.lock(user.pk)
        user = tokens.user_for(token)
    if user is None:
        raise NotFound(_("This link was used already, or is too old."))
    return set_password(user=user, password=password, by=user, at=at)


@transaction.atomic
def change_own(*, user: User, full_name: str, email: str, phone: str, language: str, at: datetime) -> User:
    """Somebody changes their own name, e-mail address, phone (any common form) and language."""
    new = {
        "full_name": text.squash(full_name),
        "email": email.strip().lower(),
        "phone": phone.strip(),
        "language": language,
    }
    new["phone"] = _check_own(new)
    user = User.objects.lock(user.pk)
    changes = {field: [getattr(user, field), value] for field, value in new.items() if getattr(user, field) != value}
    if not changes:
        return user
    for field, value in new.items():
        setattr(user, field, value)
    user.save(update_fields=[*changes, "updated_at"])
    audit.record("user.changed", on=user, by=user, at=at, changes=changes)
    return user


@transaction.atomic
def sign_out_everywhere(*, user: User, by: audit.Actor | None, at: datetime) -> None:
    """End every session of a user, on every device."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    audit.record("user.signed_out_everywhere", on=user, by=by, at=at)


@transaction.atomic
def set_roles(*, user: User, roles: Sequence[str], by: audit.Actor | None, at: datetime) -> User:
    """Give a user exactly these roles."""
    _check_roles(roles)
    user = User.objects.lock(user.pk)
    before, user.roles = user.roles, list(roles)
    user.save(update_fields=["roles", "updated_at"])
    audit.record("user.roles_changed", on=user, by=by, at=at, changes={"roles": [before, list(roles)]})
    return user


@transaction.atomic
def deactivate(*, user: User, by: audit.Actor | None, at: datetime) -> None:
    """Close an account and end its sessions."""
    User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
    audit.record("user.deactivated", on=user, by=by, at=at)


@transaction.atomic
def service_account(*, name: str, roles: Sequence[str], by: audit.Actor | None, at: datetime) -> User:
    """The account that a program acts as; it can only use keys and tokens."""
    name = text.squash(name)
    if not name:
        raise DomainError(_("Give the program a name."), errors={"name": [_("Give the program a name.")]})
    return create(
        username=f"service-{secrets.token_hex(6)}", full_name=name, roles=roles, by=by, at=at, kind=Kind.SERVICE
    )


@transaction.atomic
def issue_key(
    *,
    user: User,
    name: str,
    scopes: Iterable[str],
    by: audit.Actor | None,
    at: datetime,
    key: str | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make an API key of a service account; the key itself is given back once and kept as a hash."""
    key = key or ApiKey.fresh()
    row = ApiKey.objects.create(
        user=user,
        name=text.squash(name),
        prefix=key[:10],
        digest=ApiKey.hashed(key),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    audit.record("api_key.issued", on=row, by=by, at=at, changes={"scopes": row.scopes})
    return row, key


@transaction.atomic
def revoke_key(*, key: ApiKey, by: audit.Actor | None, at: datetime) -> None:
    """End a key at once; a second time changes nothing."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        audit.record("api_key.revoked", on=key, by=by, at=at)


def _check_roles(roles: Sequence[str]) -> None:
    unknown = sorted(set(roles) - set(known.Role.values))
    if unknown:
        named = _("%(roles)s is not a role.") % {"roles": ", ".join(unknown)}
        raise DomainError(_("Unknown role."), errors={"roles": [named]})


def _check_own(new: dict[str, str]) -> str:
    """The phone in its one form, when all of somebody's own data are acceptable."""
    errors: dict[str, list[str]] = {}
    phone = new["phone"]
    if not new["full_name"]:
        errors["full_name"] = [_("Type the name that others see.")]
    if new["email"]:
        try:
            validate_email(new["email"])
        except ValidationError:
            errors["email"] = [_("This is not an e-mail address. It looks like name@example.com.")]
    if phone:
        try:
            phone = text.phone(phone)
        except ValueError:
            errors["phone"] = [_("This is not a phone number. It looks like 0722 418 093.")]
    if new["language"] not in Language.values:
        errors["language"] = [_("Choose one of the languages.")]
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)
    return phone
