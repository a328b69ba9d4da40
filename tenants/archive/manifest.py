"""What a file says of itself: format, school, migrations, and every member with its rows and its SHA-256."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Unprocessable

NAME = "manifest.json"
FORMAT = "shule-copy"
VERSION = 1


class Unreadable(Unprocessable):
    """The file is not one of ours, is not whole, or is of a later version."""

    code = "unreadable_archive"


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside: the digest is of its bytes before compression."""

    name: str
    kind: str  # table, media, resource
    sha256: str
    bytes: int
    rows: int | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of it. `migrations` are those applied where the copy was taken, by app and name."""

    kind: str
    made_at: str
    school: Mapping[str, Any]
    members: tuple[Member, ...]
    migrations: tuple[tuple[str, str], ...] = ()
    fingerprint: str = ""
    server: str = ""
    left_out: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> bytes:
        """As it lies in the file."""
        return json.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, indent=1, default=str).encode()

    def of(self, kind: str) -> list[Member]:
        """The members of one kind, in order."""
        return [member for member in self.members if member.kind == kind]

    def counts(self) -> dict[str, int]:
        """Rows by member."""
        return {member.name: member.rows for member in self.members if member.rows is not None}


def read(raw: bytes) -> Manifest:
    """A manifest out of a file; raises Unreadable."""
    try:
        said = json.loads(raw)
        if said["format"] != FORMAT:
            raise Unreadable(_("This file is not a copy of a school."))
        if said["version"] > VERSION:
            raise Unreadable(_("This file was made by a later version of the platform."))
        return Manifest(
            kind=said["kind"],
            made_at=said["made_at"],
            school=said["school"],
            members=tuple(
                Member(**{**member, "columns": tuple(member.get("columns", ()))}) for member in said["members"]
            ),
            migrations=tuple((str(app), str(name)) for app, name in said["migrations"]),
            fingerprint=said["fingerprint"],
            server=said["server"],
            left_out=tuple(said["left_out"]),
            facts=said["facts"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(_("This file is not a copy of a school.")) from error
