"""A provider at home for every test of messages."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from core import clock
from schools.messaging import services
from schools.messaging.simulator import Server
from tenants import context
from tests.cast import Cast


@pytest.fixture
def provider(settings: Any) -> Iterator[Server]:
    """Africa's Talking on loopback; nothing reports by itself until a test names an address."""
    server = Server(report_after=0.05)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.SMS_URL = server.url
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mwangaza(cast: Cast, provider: Server) -> Iterator[Cast]:
    """Mwangaza School, which sends by the provider and knows no quiet hours."""
    with context.in_school(cast.mwangaza.school):
        services.change_settings(
            provider="africas_talking", username="mwangaza", key="atsk_1", quiet_from="00:00", quiet_until="00:00",
            by=cast.mwangaza.head, at=clock.now(),
        )  # fmt: skip
        yield cast
