"""Which gateway serves a channel of the current school."""

from collections.abc import Callable

from core import scope, sealing
from schools.messaging.choices import Channel
from schools.messaging.gateways.africas_talking import AfricasTalking
from schools.messaging.gateways.base import Gateway
from schools.messaging.gateways.console import Console
from schools.messaging.gateways.email import Email
from schools.messaging.gateways.in_app import InApp
from schools.messaging.models import Settings

Maker = Callable[[Settings], Gateway]
_others: dict[str, Maker] = {}


def register(channel: str, make: Maker) -> None:
    """Serve a channel that this room does not, as WhatsApp; called from AppConfig.ready()."""
    _others[channel] = make


def channels() -> list[str]:
    """The channels that can be chosen."""
    return [str(Channel.IN_APP), str(Channel.SMS), str(Channel.EMAIL), *_others]


def of(channel: str, settings: Settings) -> Gateway:
    """The gateway of a channel; raises KeyError for one that nobody serves."""
    if channel == Channel.IN_APP:
        return InApp()
    if channel == Channel.EMAIL:
        return Email(scope.current_school().name)
    if channel == Channel.SMS:
        if settings.provider == "africas_talking":
            key = sealing.open_(settings.sealed_key) if settings.sealed_key else ""
            return AfricasTalking(settings.username, key, settings.sender)
        return Console()
    return _others[channel](settings)
