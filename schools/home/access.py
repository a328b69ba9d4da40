"""Programs that are let into the school: service accounts with their keys and clients."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError, NotFound
from identity import accounts, clients, roles, scopes
from identity.models import ApiKey, User

ROLES = (roles.REGISTRAR, roles.BURSAR, roles.HEAD)


@dataclass(frozen=True, slots=True)
class Secret:
    """What is shown once: an API key, or the id and secret of a client."""

    name: str
    secret: str
    client_id: str = ""


def keys() -> list[ApiKey]:
    """The keys that open, newest first."""
    return list(ApiKey.objects.filter(revoked_at=None).select_related("user").order_by("-created_at", "-pk"))


@transaction.atomic
def issue_key(*, name: str, role: str, wanted: Iterable[str], by: User, at: datetime) -> Secret:
    """Make a program's account with an API key; raises DomainError naming the field."""
    allowed = scopes.check(wanted)
    user = accounts.service_account(name=name, roles=[_role(role)], by=by, at=at)
    _row, key = accounts.issue_key(user=user, name=user.full_name, scopes=allowed, by=by, at=at)
    return Secret(user.full_name, key)


@transaction.atomic
def revoke_key(*, pk: UUID, by: User, at: datetime) -> None:
    """End a key, and the program's account when it was its last; raises NotFound when it is not there."""
    key = ApiKey.objects.filter(pk=pk).select_related("user").first()
    if key is None:
        raise NotFound(_("There is no such key."))
    accounts.revoke_key(key=key, by=by, at=at)
    has_more = key.user.api_keys.filter(revoked_at=None).exists() or key.user_id in _client_users()
    if key.user.is_active and not has_more:
        accounts.deactivate(user=key.user, by=by, at=at)


def issue_client(*, name: str, role: str, wanted: Iterable[str], by: User, at: datetime) -> Secret:
    """Make a program's account with an OAuth client."""
    client_id, secret = clients.issue(name=name, roles=[_role(role)], wanted=wanted, by=by, at=at)
    return Secret(name, secret, client_id)


def _role(role: str) -> str:
    if role not in ROLES:
        raise DomainError(_("Choose one of the roles."), errors={"role": [_("Choose one of the roles.")]})
    return role


def _client_users() -> set[UUID]:
    return {client.user.pk for client in clients.current()}
