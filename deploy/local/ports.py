"""Loopback ports: nothing that this package starts listens on any other address."""

import socket

from deploy.local.failure import StartError

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a connection that is still closing does not hold the port of a restarted demo.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def prefer(port: int) -> int:
    """This port, or any free one when it is taken."""
    return port if is_free(port) else any_free()


def require(port: int) -> int:
    """This port, or the refusal that names it."""
    if not is_free(port):
        raise StartError(f"Port {port} on {LOOPBACK} is taken by another program.")
    return port


def answers(port: int) -> bool:
    """Whether something accepts connections on this loopback port."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True
