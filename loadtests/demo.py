"""The running demo, as its var/demo.json tells."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class NoDemoError(SystemExit):
    """There is nothing to put load on."""


@dataclass(frozen=True)
class School:
    """One of the demo's schools: the host to ask for and the name that every page of it carries."""

    slug: str
    name: str
    host: str
    users: dict[str, dict[str, str]]


def card() -> dict[str, Any]:
    """The demo's addresses and sign-ins; raises NoDemoError in one line."""
    path = Path(os.environ.get("VAR") or "var") / "demo.json"
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        raise NoDemoError(f"{path} is not there: start the demo first (make demo), then run this beside it.") from None


def schools() -> list[School]:
    """The schools that are being served."""
    return [
        School(slug=one["slug"], name=one["name"], host=urlsplit(one["url"]).netloc, users=one["users"])
        for one in card()["schools"]
    ]


def address() -> str:
    """Where to connect, on loopback only: a name below .localhost resolves in browsers, not in every client."""
    port = urlsplit(card()["public_url"]).port or 80
    return f"http://127.0.0.1:{port}"
