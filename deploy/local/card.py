"""`var/demo.json`: where the running demo is and how to sign in, for people and for black-box clients."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.local import ports

Card = dict[str, Any]


def place_for_issued(var: Path) -> Path:
    """An empty file, readable by its owner alone, for the credentials that the application issues."""
    place = var / "run" / "issued.json"
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    place.touch(mode=0o600)
    return place


def write(
    var: Path, *, issued: Path, environment: Mapping[str, str], port: int, metrics_port: int, sms_simulator: str = ""
) -> Card:
    """Publish the card in one step: a reader sees all of it or none."""
    credentials = json.loads(issued.read_text())
    issued.unlink()
    card: Card = {
        "public_url": f"http://{environment['PLATFORM_DOMAIN']}:{port}",
        "metrics_url": f"http://{ports.LOOPBACK}:{metrics_port}/metrics",
        "health_url": f"http://{ports.LOOPBACK}:{port}/health/ready",
        "operator": credentials["operator"],
        "database_url": environment["DATABASE_URL"],
        "redis_url": environment["REDIS_URL"],
        "mpesa_simulator_url": credentials.get("mpesa_simulator_url"),
        "sms_simulator_url": sms_simulator or None,
        "schools": credentials["schools"],
    }
    unfinished = var / "run" / "demo.json"
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    unfinished.replace(var / "demo.json")
    return card


def remove(var: Path) -> None:
    """Take the card away: nothing is served now."""
    for path in (var / "demo.json", var / "run" / "issued.json"):
        path.unlink(missing_ok=True)


def as_text(card: Card) -> str:
    """The card as a table for the terminal."""
    rows = [
        ("Platform", card["public_url"]),
        ("Console", f"{card['public_url']}/console/", card["operator"]["username"], card["operator"]["password"]),
        ("Metrics", card["metrics_url"]),
    ]
    parts = [_table(rows)]
    for school in card["schools"]:
        people = [(role, user["username"], user["password"]) for role, user in school["users"].items() if user]
        parts.append(f"{school['name']} · {school['students']} students · {school['url']}\n{_table(people)}")
    return "\n\n".join(parts)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    columns = max(len(row) for row in rows)
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(columns)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows
    )
