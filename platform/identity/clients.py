"""OAuth clients of a school, as its settings know them; the API keeps them and serves this counter."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core.errors import NotFound
from identity import accounts, scopes
from identity.models import User


class Client(Protocol):
    """A program that fetches its own tokens with an id and a secret, and acts as a service account."""

    pk: Any
    name: str
    client_id: str
    scopes: list[str]
    user: User
    created: datetime


class Create(Protocol):
    """Keeps a new client; gives back its id and its secret."""

    def __call__(
        self, *, name: str, scopes: Iterable[str], user: User, by: audit.Actor | None, at: datetime
    ) -> tuple[str, str]: ...


class Revoke(Protocol):
    """Ends a client and its tokens."""

    def __call__(self, *, client: Any, by: audit.Actor | None, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """Who keeps the clients."""

    create: Create
    current: Callable[[], Iterable[Any]]
    revoke: Revoke


_counters: list[Counter] = []


def serve(counter: Counter) -> None:
    """Keep the clients from now on; called from the API's AppConfig.ready()."""
    _counters[:] = [counter]


def are_served() -> bool:
    """True when this deployment has an API that takes clients."""
    return bool(_counters)


def current() -> list[Client]:
    """The school's clients that may fetch tokens, each with its service account."""
    return [client for counter in _counters for client in counter.current()]


@transaction.atomic
def issue(
    *, name: str, roles: Sequence[str], wanted: Iterable[str], by: audit.Actor | None, at: datetime
) -> tuple[str, str]:
    """Make a client with a service account of its own; gives back its id, and its secret, which is shown once."""
    allowed = scopes.check(wanted)
    user = accounts.service_account(name=name, roles=roles, by=by, at=at)
    return _counter().create(name=user.full_name, scopes=allowed, user=user, by=by, at=at)


@transaction.atomic
def revoke(*, client_id: str, by: audit.Actor | None, at: datetime) -> None:
    """End a client, its tokens and its account at once; raises NotFound when it is not current."""
    client = next((one for one in current() if one.client_id == client_id), None)
    if client is None:
        raise NotFound(_("There is no such client, or it was ended already."))
    _counter().revoke(client=client, by=by, at=at)
    accounts.deactivate(user=client.user, by=by, at=at)


def _counter() -> Counter:
    if not _counters:
        raise NotFound(_("This deployment has no API."))
    return _counters[0]
