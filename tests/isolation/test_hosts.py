"""Which school a request reaches, asked of the real web server: by its Host header alone, and by one reading of it."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from deploy.local import ports
from deploy.local.process import Process
from tests import database

Ask = Callable[..., tuple[int, bytes]]
OURS, OTHERS, NOBODYS = "mwangaza.shule.localhost", "baraka.shule.localhost", "nobody.shule.localhost"
NAMES = {"mwangaza": b"Mwangaza School", "baraka": b"Baraka Girls"}


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """granian over a copy of the cast's database."""
    name = f"{database.TEMPLATE}_hosts_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    folder, port = tmp_path_factory.mktemp("hosts"), ports.any_free()
    database.copy(name)
    address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
    web = Process(
        "web",
        [Path(sys.executable).parent / "granian", "--interface", "wsgi", "config.wsgi:application", "--host",
         "127.0.0.1", "--port", str(port), "--blocking-threads", "2", "--no-ws"],
        log=folder / "web.log", cwd=settings.ROOT,
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings", "PORT": str(port)},
    )  # fmt: skip
    web.start()
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        web.stop()
        database.drop(name)


@pytest.fixture
def ask(port: int) -> Ask:
    """`ask("Host: …", target="/manifest.webmanifest")`: status and body of a request written by hand."""

    def send(*headers: str, target: str = "/manifest.webmanifest", version: str = "1.1") -> tuple[int, bytes]:
        written = "\r\n".join([f"GET {target} HTTP/{version}", *headers, "Connection: close", "", ""])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
            wire.sendall(written.encode("latin-1"))
            answer = b""
            while piece := wire.recv(65536):
                answer += piece
        return (int(answer.split(b" ", 2)[1]), answer) if answer else (0, b"")

    return send


def reached(answer: tuple[int, bytes]) -> set[str]:
    """The schools whose name is in an answer."""
    return {slug for slug, name in NAMES.items() if name in answer[1]}


def test_each_school_answers_at_its_own_host(ask: Ask) -> None:
    assert reached(ask(f"Host: {OURS}")) == {"mwangaza"}
    assert reached(ask(f"Host: {OTHERS}")) == {"baraka"}


def test_an_unknown_host_reaches_no_school(ask: Ask) -> None:
    for host in (NOBODYS, f"{OURS}.evil.example", f"x.{OURS}", "shule.localhost.evil.example", "_", "mwangaza"):
        answer = ask(f"Host: {host}")
        assert (answer[0], reached(answer)) == (404, set()), host


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server", "X-HTTP-Host-Override", "X-Rewrite-URL",
     "X-Original-URL", "X-School", "X-Forwarded-Prefix", "Origin", "Referer"],
)  # fmt: skip
def test_no_other_header_names_the_school(ask: Ask, header: str) -> None:
    assert reached(ask(f"Host: {OURS}", f"{header}: {OTHERS}")) == {"mwangaza"}
    assert reached(ask(f"Host: {NOBODYS}", f"{header}: {OTHERS}")) == set()
    assert reached(ask(f"Host: {OURS}", f"Forwarded: host={OTHERS}", "X-Forwarded-Port: 1")) == {"mwangaza"}


def test_case_changes_nothing(ask: Ask) -> None:
    assert reached(ask("Host: MWANGAZA.Shule.LOCALHOST")) == {"mwangaza"}


def test_a_trailing_dot_changes_nothing_and_two_reach_nobody(ask: Ask) -> None:
    assert reached(ask(f"Host: {OURS}.")) == {"mwangaza"}
    assert reached(ask(f"Host: {OURS}..")) == set()


def test_a_port_changes_nothing_and_what_is_no_port_reaches_nobody(ask: Ask) -> None:
    assert reached(ask(f"Host: {OURS}:8443")) == {"mwangaza"}
    for port in (":x", ":80:80", f":80@{OTHERS}", ":-1"):
        assert reached(ask(f"Host: {OURS}{port}")) == set(), port


def test_an_ip_address_reaches_no_school(ask: Ask) -> None:
    for host in ("127.0.0.1", "127.0.0.1:80", "10.0.0.1", "[::1]", "[::ffff:127.0.0.1]:80", "2130706433", "0"):
        answer = ask(f"Host: {host}")
        assert reached(answer) == set(), host
        assert answer[0] in (302, 400, 404), host


def test_punycode_and_letters_that_look_alike_reach_no_school(ask: Ask) -> None:
    for host in ("xn--mwangaza-9za.shule.localhost", "mwаngaza.shule.localhost".encode().decode("latin-1"),
                 "mwangaza%2eshule.localhost", "mwangaza.shule。localhost".encode().decode("latin-1")):  # fmt: skip
        assert reached(ask(f"Host: {host}")) == set(), host


def test_two_hosts_in_one_request_reach_one_school_at_most(ask: Ask) -> None:
    for first, second in ((OURS, OTHERS), (OTHERS, OURS), (OURS, NOBODYS), (NOBODYS, OURS)):
        answer = ask(f"Host: {first}", f"Host: {second}")
        assert answer[0] in (0, 400, 404), (first, second, answer[0])
        assert reached(answer) == set(), (first, second)
    assert reached(ask(f"Host: {OURS}, {OTHERS}")) == set()
    assert reached(ask(f"Host: {OURS} {OTHERS}")) == set()


def test_an_absolute_address_is_read_by_its_host_header_alone(ask: Ask) -> None:
    target = f"http://{OTHERS}/manifest.webmanifest"
    assert reached(ask(f"Host: {OTHERS}", target=target)) == {"baraka"}
    assert reached(ask(f"Host: {OURS}", target=target)) == {"mwangaza"}
    assert reached(ask(f"Host: {NOBODYS}", target=target)) == set()
    assert reached(ask(target=target)) == {"baraka"}  # the one host that it names


def test_a_request_without_a_host_reaches_no_school(ask: Ask) -> None:
    for answer in (ask(), ask(version="1.0"), ask("Host:"), ask("Host: ")):
        assert reached(answer) == set()
