"""In the demo every school that sends nowhere sends to the simulator, which reports back to it."""

import pytest

from schools.messaging import connecting, services
from schools.messaging.models import Settings
from schools.messaging.simulator import Server
from tenants import callbacks, context
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_schools_get_an_account_and_the_simulator_their_address(cast: Cast, provider: Server) -> None:
    connected = connecting.connect(provider.url, "http://shule.localhost:8123")
    assert connected == 2
    with context.in_school(cast.mwangaza.school):
        held = Settings.objects.get()
        assert (held.provider, held.username, bool(held.sealed_key)) == ("africas_talking", "mwangaza", True)
        token = callbacks.known_token("sms")
    assert provider.provider.callbacks["mwangaza"] == f"http://shule.localhost:8123/callbacks/sms/{token}/report"


def test_a_school_with_an_account_of_its_own_keeps_it(cast: Cast, provider: Server) -> None:
    with context.in_school(cast.mwangaza.school):
        services.change_settings(
            provider="africas_talking", username="ours", key="k", by=None, at=cast.mwangaza.term.created_at
        )
    assert connecting.connect(provider.url, "http://shule.localhost") == 1
    with context.in_school(cast.mwangaza.school):
        assert Settings.objects.get().username == "ours"


def test_connecting_again_changes_nothing_but_tells_the_simulator(cast: Cast, provider: Server) -> None:
    connecting.connect(provider.url, "http://shule.localhost")
    with context.in_school(cast.mwangaza.school):
        sealed = Settings.objects.get().sealed_key
    provider.provider.callbacks.clear()
    assert connecting.connect(provider.url, "http://shule.localhost") == 2
    with context.in_school(cast.mwangaza.school):
        assert Settings.objects.get().sealed_key == sealed
    assert set(provider.provider.callbacks) == {"mwangaza", "baraka"}
