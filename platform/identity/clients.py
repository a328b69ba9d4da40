"""OAuth clients: programs that fetch their own tokens with an id and a secret (RFC 6749, client credentials)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import AccessToken, Application

from audit import recording as audit
from identity import accounts
from identity.models import OAuthClient


@transaction.atomic
def issue(
    *,
    name: str,
    roles: Sequence[str],
    scopes: Iterable[str],
    by: audit.Actor | None,
    at: datetime,
    client_id: str | None = None,
    client_secret: str | None = None,
) -> tuple[OAuthClient, str]:
    """Make a client with a service account of its own; the secret is given back once and kept as a hash."""
    user = accounts.service_account(name=name, roles=roles, by=by, at=at)
    secret = client_secret or generate_client_secret()
    client = OAuthClient.objects.create(
        user=user, name=user.full_name, client_id=client_id or generate_client_id(), scopes=sorted(set(scopes))
    )
    Application.objects.create(
        client_id=client.client_id,
        client_secret=secret,
        user=user,
        name=client.name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    audit.record("oauth_client.issued", on=client, by=by, at=at, changes={"scopes": client.scopes})
    return client, secret


@transaction.atomic
def revoke(*, client: OAuthClient, by: audit.Actor | None, at: datetime) -> None:
    """End a client, its tokens and its account at once; a second time changes nothing."""
    client = OAuthClient.objects.lock(client.pk)
    if client.revoked_at is not None:
        return
    client.revoked_at = at
    client.save(update_fields=["revoked_at", "updated_at"])
    AccessToken.objects.filter(application__client_id=client.client_id).delete()
    Application.objects.filter(client_id=client.client_id).delete()
    audit.record("oauth_client.revoked", on=client, by=by, at=at)
    accounts.deactivate(user=client.user, by=by, at=at)
