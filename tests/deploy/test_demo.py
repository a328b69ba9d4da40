import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import card, lock, ports
from deploy.local.failure import StartError

ROOT = Path(__file__).parents[2]


def demo(var, **environment):
    return subprocess.run(
        [sys.executable, "-m", "deploy.local.demo"],
        cwd=ROOT,
        env={**os.environ, "VAR": str(var), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_a_second_demo_in_the_same_folder_is_refused_in_one_line(home):
    with lock.hold(home):
        (home / "demo.json").write_text("{}")
        refused = demo(home, PORT=str(ports.any_free()))
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr == (
        f"make demo: A demo runs in {home} already (process {os.getpid()}): stop it, or give VAR=another.\n"
    )
    assert (home / "demo.json").exists(), "the running demo's card is not the second one's to remove"


def test_the_folder_is_free_again_when_its_demo_is_gone(home):
    lock.hold(home).close()
    lock.hold(home).close()


def test_a_held_folder_names_its_holder(home):
    with lock.hold(home), pytest.raises(StartError, match=rf"\(process {os.getpid()}\)"):
        lock.hold(home)


def test_a_taken_port_is_one_line_and_nothing_was_started(home):
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        refused = demo(home, PORT=str(port))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"make demo: Port {port} on 127.0.0.1 is taken by another program.\n"
    assert sorted(path.name for path in home.iterdir()) == ["demo.lock"]


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_no_number_is_one_line(home, port):
    refused = demo(home, PORT=port)
    assert (refused.returncode, refused.stderr) == (1, f"make demo: PORT={port} is no port number.\n")


def test_data_of_another_version_stop_the_demo_in_one_line(home):
    data = home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17")
    environment = dict.fromkeys(("DATABASE_URL", "REDIS_URL", "BROKER_URL"), "")
    refused = demo(home, PORT=str(ports.any_free()), **environment)
    reason = f"{data.parent} holds data of PostgreSQL 17 and this is PostgreSQL 18: move that folder away."
    assert (refused.returncode, refused.stderr) == (1, f"make demo: {reason}\n")


def test_the_card_has_the_contracts_shape_and_is_for_its_owner_alone(home):
    school = {
        "slug": "mwangaza",
        "name": "Mwangaza School",
        "url": "http://mwangaza.shule.localhost:8123",
        "students": 861,
        "users": {"head": {"username": "wanjiru", "password": "asante"}},
        "api": {"token_url": "…", "client_id": "…", "client_secret": "…", "key": "sk_…"},
    }
    operator = {"username": "ops", "password": "karibu", "totp_secret": None}
    issued = card.place_for_issued(home)
    issued.write_text(json.dumps({"operator": operator, "schools": [school]}))
    environment = {"PLATFORM_DOMAIN": "shule.localhost", "DATABASE_URL": "postgresql://d", "REDIS_URL": "redis://r"}

    written = card.write(home, issued=issued, environment=environment, port=8123, metrics_port=9465)

    assert json.loads((home / "demo.json").read_text()) == written
    assert (home / "demo.json").stat().st_mode & 0o777 == 0o600
    assert written == {
        "public_url": "http://shule.localhost:8123",
        "metrics_url": "http://127.0.0.1:9465/metrics",
        "health_url": "http://127.0.0.1:8123/health/ready",
        "operator": operator,
        "database_url": "postgresql://d",
        "redis_url": "redis://r",
        "mpesa_simulator_url": None,
        "sms_simulator_url": None,
        "schools": [school],
    }
    assert not issued.exists()
    shown = card.as_text(written)
    assert "Mwangaza School · 861 students · http://mwangaza.shule.localhost:8123" in shown
    assert "head  wanjiru  asante" in shown
    card.remove(home)
    assert not (home / "demo.json").exists()
