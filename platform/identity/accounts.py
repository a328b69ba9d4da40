"""Accounts: create, invite, change; every write of a user goes through here."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from audit import recording as audit
from core import jobs, text
from core.errors import Conflict, DomainError
from identity import roles as known
from identity.models import ApiKey, Kind, User


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
    language: str = "en",
    password: str | None = None,
    kind: str = Kind.PERSON,
) -> User:
    """Add a user of the current scope, with a password or only an invitation; raises Conflict on a taken name."""
    username = text.squash(username).lower()
    _check_roles(roles)
    if not username:
        raise DomainError("A username is needed.", errors={"username": ["A username is needed."]})
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict("This username is taken.", errors={"username": ["This username is taken."]})
    user = User(
        username=username,
        full_name=text.squash(full_name),
        email=email.strip().lower(),
        phone=text.phone(phone) if phone else "",
        language=language,
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


@transaction.atomic
def invite(*, user: User, by: audit.Actor | None, at: datetime) -> None:
    """Send the user a link to choose a password with."""
    jobs.later("identity.send_invitation", user_id=str(user.pk))
    audit.record("user.invited", on=user, by=by, at=at)


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
    return create(
        username=f"service-{secrets.token_hex(6)}", full_name=name, roles=roles, by=by, at=at, kind=Kind.SERVICE
    )


@transaction.atomic
def issue_key(
    *, user: User, name: str, scopes: Iterable[str], by: audit.Actor | None, at: datetime, key: str | None = None
) -> tuple[ApiKey, str]:
    """Make an API key of a service account; the key itself is given back once and kept as a hash."""
    key = key or ApiKey.fresh()
    row = ApiKey.objects.create(
        user=user, name=name, prefix=key[:10], digest=ApiKey.hashed(key), scopes=sorted(set(scopes))
    )
    audit.record("api_key.issued", on=row, by=by, at=at, changes={"scopes": row.scopes})
    return row, key


@transaction.atomic
def revoke_key(*, key: ApiKey, by: audit.Actor | None, at: datetime) -> None:
    """End a key at once."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at)
    audit.record("api_key.revoked", on=key, by=by, at=at)


def _check_roles(roles: Sequence[str]) -> None:
    unknown = sorted(set(roles) - set(known.Role.values))
    if unknown:
        raise DomainError("Unknown role.", errors={"roles": [f"{', '.join(unknown)} is not a role."]})
