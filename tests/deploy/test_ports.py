import socket

import pytest

from deploy.local import ports
from deploy.local.failure import StartError


@pytest.fixture
def taken():
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_replaced_by_a_free_one(taken):
    port = ports.prefer(taken)
    assert port != taken
    assert ports.is_free(port)


def test_a_free_port_is_kept():
    port = ports.any_free()
    assert ports.prefer(port) == port


def test_a_required_port_that_is_taken_is_refused_by_its_number(taken):
    with pytest.raises(StartError, match=rf"^Port {taken} on 127\.0\.0\.1 is taken by another program\.$"):
        ports.require(taken)


def test_a_port_answers_only_while_somebody_listens(taken):
    assert ports.answers(taken)
    assert not ports.answers(ports.any_free())
