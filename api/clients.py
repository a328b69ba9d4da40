"""OAuth 2 clients of a school: programs of others, each acting as a service account within its scopes."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from oauth2_provider.models import AccessToken

from api.models import Client
from audit import recording as audit
from core import cache
from core.errors import DomainError
from core.models import Rows
from identity import scopes as known
from identity.models import User


@transaction.atomic
def create_client(
    *, name: str, scopes: Iterable[str], user: User, by: audit.Actor | None, at: datetime
) -> tuple[str, str]:
    """Register a client that acts as `user`; gives back its id and its secret, shown once and kept as a hash."""
    wanted = sorted(set(scopes))
    unknown = sorted(set(wanted) - set(known.all()))
    if unknown:
        raise DomainError("Unknown scope.", errors={"scopes": [f"{', '.join(unknown)} is not a scope."]})
    name = " ".join(name.split())[:80]
    if not name:
        raise DomainError("A name is needed.", errors={"name": ["A name is needed."]})
    secret = secrets.token_urlsafe(48)
    client = Client.objects.create(
        name=name,
        user=user,
        scopes=wanted,
        client_id=secrets.token_hex(16),
        client_secret=secret,
        client_type=Client.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
    )
    audit.record("api_client.created", on=client, by=by, at=at, changes={"scopes": wanted})
    return client.client_id, secret


@transaction.atomic
def revoke_client(*, client: Client, by: audit.Actor | None, at: datetime) -> None:
    """End a client and every token that it holds, at once."""
    client = Client.objects.lock(client.pk)
    if client.revoked_at is not None:
        return
    client.revoked_at = at
    client.save(update_fields=["revoked_at", "updated_at"])
    AccessToken.objects.filter(application=client).delete()
    audit.record("api_client.revoked", on=client, by=by, at=at)
    cache.bump("identity")  # what a token stands for is remembered under the accounts' version


def current_clients() -> Rows[Client]:
    """The school's clients that may fetch tokens."""
    return Client.objects.filter(revoked_at=None).select_related("user")  # type: ignore[return-value]
