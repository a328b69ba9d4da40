"""One word to every process at once, over Redis publish/subscribe."""

import logging
import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings

log = logging.getLogger(__name__)
RETRY_SECONDS = 2.0


def publish(name: str, message: str) -> bool:
    """Tell every listening process; False when Redis is away."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            client.publish(_of_its_own(client, name), message)
        return True
    except (redis.RedisError, OSError) as error:
        log.warning("channel away", extra={"channel": name, "error": type(error).__name__})
        return False


class Listener(threading.Thread):
    """Hears one channel for the life of the process, and starts afresh after each break."""

    def __init__(self, name: str, *, on_message: Callable[[str], None], on_connect: Callable[[], None]) -> None:
        super().__init__(name=f"channel {name}", daemon=True)
        self._channel = name
        self._on_message = on_message
        self._on_connect = on_connect
        self._subscribed = threading.Event()

    @property
    def connected(self) -> bool:
        """True while messages would be heard."""
        return self._subscribed.is_set()

    def run(self) -> None:
        """Listen until the process ends."""
        while True:
            try:
                self._listen()
            except (redis.RedisError, OSError) as error:
                log.warning("channel lost", extra={"channel": self._channel, "error": type(error).__name__})
            finally:
                self._subscribed.clear()
                self._on_connect()
            time.sleep(RETRY_SECONDS)

    def _listen(self) -> None:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, health_check_interval=15)
        with client, client.pubsub() as subscription:  # type: ignore[no-untyped-call]
            subscription.subscribe(_of_its_own(client, self._channel))
            while True:
                message = subscription.get_message(timeout=10)
                if message is None:
                    continue
                if message["type"] == "subscribe":
                    self._on_connect()
                    self._subscribed.set()
                elif message["type"] == "message":
                    self._on_message(message["data"].decode())


def _of_its_own(client: redis.Redis, name: str) -> str:
    """The channel's name on the wire: the numbered databases of one Redis are apart, its channels are not."""
    return f"{name}:{client.get_connection_kwargs().get('db', 0)}"
