import socket

import pytest
import redis as client

from deploy.local import ports, redis
from deploy.local.failure import StartError


def start(home, **kwargs):
    return redis.start(home / "redis", log=home / "redis.log", port=ports.any_free(), **kwargs)


def test_jobs_outlive_a_stop_and_are_apart_from_the_cache(home):
    server = start(home)
    client.from_url(server.broker_url).rpush("bulk", "job")
    assert client.from_url(server.url).exists("bulk") == 0
    server.stop()
    assert not ports.answers(server.port)
    again = redis.start(home / "redis", log=home / "redis.log", port=server.port, password=server.password)
    try:
        assert client.from_url(again.broker_url).lrange("bulk", 0, -1) == [b"job"]
    finally:
        again.stop()


def test_a_test_run_keeps_nothing(home):
    server = start(home, durable=False, password="")
    try:
        connection = client.from_url(server.url)
        connection.set("mark", "A")
        assert connection.config_get("appendonly") == {"appendonly": "no"}
        assert connection.config_get("stop-writes-on-bgsave-error") == {"stop-writes-on-bgsave-error": "no"}
        assert connection.config_get("bind") == {"bind": "127.0.0.1"}
    finally:
        server.stop()
    assert list((home / "redis").iterdir()) == []


def test_without_the_password_nothing_is_told(home):
    server = start(home)
    try:
        with pytest.raises(client.AuthenticationError):
            client.from_url(f"redis://127.0.0.1:{server.port}/0").ping()
    finally:
        server.stop()


def test_a_taken_port_is_one_line(home):
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=rf"^Port {port} on 127\.0\.0\.1 is taken by another program\.$"):
            redis.start(home / "redis", log=home / "redis.log", port=port)


def test_a_server_that_cannot_start_gives_its_reason_and_its_log(home):
    (home / "redis").mkdir()
    (home / "redis" / "appendonly.aof").write_text("neither a command nor a snapshot\n")
    with pytest.raises(StartError, match=r"^Redis did not start \(.+\): see .+/redis\.log$"):
        start(home)
