"""Host to school, remembered in this process and forgotten the moment somebody changes it.

Every process listens to one Redis channel. While it listens, an answer lives a minute; while Redis is away, two
seconds, so that a suspended school stops at once either way. Unknown hosts are remembered too.
"""

import logging
import threading
import time
from dataclasses import dataclass

from django.conf import settings

from core import channel, scope
from tenants import context, naming
from tenants.models import Domain

log = logging.getLogger(__name__)
CHANNEL = "shule:hosts"
HEARD_SECONDS = 60.0
UNHEARD_SECONDS = 2.0
MOST_HOSTS = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """Where a host leads: the platform itself, a school, or another host that it was renamed to."""

    scope: scope.Scope | None
    moved_to: str = ""


UNKNOWN = Found(None)
_PUBLIC = Found(context.PUBLIC)
_found: dict[str, tuple[float, Found]] = {}
_listener: channel.Listener | None = None
_starting = threading.Lock()


def host(raw: str) -> Found:
    """What answers on this Host header."""
    name = naming.normal_host(raw)
    if name is None:
        return UNKNOWN
    if name == settings.PLATFORM_DOMAIN:
        return _PUBLIC
    now = time.monotonic()
    held = _found.get(name)
    if held is not None and held[0] > now:
        return held[1]
    heard = _listening()
    found = _look_up(name)
    if len(_found) >= MOST_HOSTS:
        _found.clear()
    _found[name] = (now + (HEARD_SECONDS if heard else UNHEARD_SECONDS), found)
    return found


def forget(*hosts: str) -> None:
    """Drop these hosts here and in every other process; without Redis the others follow within two seconds."""
    for name in hosts:
        _found.pop(name, None)
    channel.publish(CHANNEL, " ".join(hosts))


def forget_all() -> None:
    """Drop every remembered host of this process."""
    _found.clear()


def _look_up(name: str) -> Found:
    with context.in_public():
        domain = Domain.objects.select_related("school").filter(host=name).first()
        if domain is None:
            return UNKNOWN
        if not domain.is_primary:
            primary = Domain.objects.filter(school=domain.school_id, is_primary=True).first()
            return Found(None, moved_to=primary.host) if primary else UNKNOWN
        if domain.school.state in ("requested", "provisioning", "failed"):
            return UNKNOWN
        return Found(context.scope_of(domain.school, host=name, statements=context.PAGES))


def _listening() -> bool:
    global _listener
    if _listener is None:
        with _starting:
            if _listener is None:
                _listener = channel.Listener(CHANNEL, on_message=_heard, on_connect=forget_all)
                _listener.start()
    return _listener.connected


def _heard(message: str) -> None:
    for name in message.split():
        _found.pop(name, None)
