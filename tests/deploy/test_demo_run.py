"""`make demo` as the contract tells it, on schools twenty times smaller than life."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from deploy.local import ports, process

ROOT = Path(__file__).parents[2]
SERVERS = ("DATABASE_URL", "REDIS_URL", "BROKER_URL")
ROLES = ["bursar", "guardian", "head", "registrar", "student", "teacher"]

pytestmark = pytest.mark.fleet


@pytest.fixture
def run(home):
    """Start a demo in the test's own folder; whatever the test left running is ended."""
    started = []
    environment = {name: value for name, value in os.environ.items() if name not in SERVERS}
    environment |= {"VAR": str(home / "var"), "DEMO_SCALE": "20"}

    def start(port):
        running = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.demo"],
            cwd=ROOT,
            env={**environment, "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(running)
        return running

    yield start
    for running in started:
        running.kill()
        running.wait()
        running.stdout.close()


def ready(home, running):
    path = home / "var" / "demo.json"
    assert process.wait_for(lambda: path.exists() or running.poll() is not None, 240, pause=0.1)
    assert running.poll() is None, running.communicate()[0]
    return path


def listening():
    """Addresses and ports of all sockets that listen on this machine."""
    found = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        address, state = line.split()[1], line.split()[3]
        if state == "0A":
            host, _, port = address.partition(":")
            found.add((host, int(port, 16)))
    return found


def test_the_demo_starts_whole_tells_where_it_is_and_stops_whole(home, run):
    port = ports.any_free()
    running = run(port)
    path = ready(home, running)
    card = json.loads(path.read_text())

    assert path.stat().st_mode & 0o777 == 0o600
    assert card["public_url"] == f"http://shule.localhost:{port}"
    assert card["health_url"] == f"http://127.0.0.1:{port}/health/ready"
    assert set(card["operator"]) == {"username", "password", "totp_secret"}
    assert [school["slug"] for school in card["schools"]] == ["mwangaza", "baraka"]
    for school in card["schools"]:
        assert school["url"] == f"http://{school['slug']}.shule.localhost:{port}"
        assert sorted(school["users"]) == ROLES
        assert all(set(user) == {"username", "password"} for user in school["users"].values())
        assert set(school["api"]) == {"token_url", "client_id", "client_secret", "key"}
        assert school["students"] > 0

    for address in (card["health_url"], card["metrics_url"]):
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert answer.status == 200
    ours = {port} | {urllib.parse.urlsplit(card[name]).port for name in ("metrics_url", "database_url", "redis_url")}
    assert {host for host, open_port in listening() if open_port in ours} == {"0100007F"}
    for school in card["schools"]:
        assert sign_in(port, school) == 302
    assert {fetch(port, card["schools"][0], path) for path in look_of(port, card["schools"][0])} == {200}

    second = run(ports.any_free())
    assert second.wait(60) == 1
    assert re.fullmatch(r"make demo: A demo runs in \S+ already \(process \d+\): .+\n", second.communicate()[0])
    assert path.exists()

    running.send_signal(signal.SIGTERM)
    assert running.wait(15) == 0
    assert not path.exists()
    assert not any(ports.answers(one) for one in ours)
    said = running.communicate()[0]
    assert "Mwangaza School" in said and "Stopping ..." in said


def look_of(port, school):
    """The stylesheet and the scripts that the school's door names."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/sign-in/", headers={"Host": urllib.parse.urlsplit(school["url"]).netloc})
    found = re.findall(r'"(/static/[^"]+\.(?:css|js))"', connection.getresponse().read().decode())
    assert any(path.endswith(".css") for path in found)
    return found


def fetch(port, school, path):
    """How the demo answers for this path of the school."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": urllib.parse.urlsplit(school["url"]).netloc})
    return connection.getresponse().status


def sign_in(port, school):
    """The teacher's sign-in by the form, as a client that cannot resolve *.localhost does it."""
    host = urllib.parse.urlsplit(school["url"]).netloc
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/sign-in/", headers={"Host": host})
    page = connection.getresponse()
    body = page.read()
    assert page.status == 200, body
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    fields = {**school["users"]["teacher"], "csrfmiddlewaretoken": token[1].decode()}
    headers = {"Host": host, "Cookie": page.headers["Set-Cookie"].partition(";")[0]}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST", "/sign-in/", urllib.parse.urlencode(fields), headers)
    return connection.getresponse().status
