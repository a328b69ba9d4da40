"""One word to every process of this deployment, and to no other that lives in the same Redis."""

from queue import SimpleQueue
from typing import Any

from core import channel
from deploy.local.process import wait_for


def listen(name: str) -> "tuple[channel.Listener, SimpleQueue[str]]":
    """A listener that hears by now, and what it hears."""
    heard: SimpleQueue[str] = SimpleQueue()
    listener = channel.Listener(name, on_message=heard.put, on_connect=lambda: None)
    listener.start()
    assert wait_for(lambda: listener.connected, 10, pause=0.01)
    return listener, heard


def test_a_word_reaches_every_listener_of_its_channel() -> None:
    (_one, first), (_two, second), (_other, third) = listen("test:a"), listen("test:a"), listen("test:b")
    assert channel.publish("test:a", "habari") is True
    assert channel.publish("test:b", "kwaheri") is True
    assert [heard.get(timeout=10) for heard in (first, second, third)] == ["habari", "habari", "kwaheri"]


def test_another_deployment_in_the_same_redis_hears_nothing(settings: Any) -> None:
    _ours, heard = listen("test:c")
    whole, _slash, number = settings.REDIS_URL.rpartition("/")
    settings.REDIS_URL = f"{whole}/{int(number) + 1}"
    assert channel.publish("test:c", "for the others") is True
    settings.REDIS_URL = f"{whole}/{number}"
    assert channel.publish("test:c", "for us") is True
    assert heard.get(timeout=10) == "for us"


def test_without_redis_the_publisher_is_told_so(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert channel.publish("test:a", "anybody?") is False
