"""Validators: what a reader holds already, and whether a writer saw the row as it is."""

import hashlib
import re
from collections.abc import Sequence

import orjson
from django.http import HttpRequest

from api.problems import Problem
from core import cache

TRUSTED_SECONDS = 30
_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def of_bytes(body: bytes, version: str = "", digest: bytes = b"") -> str:
    """The validator of an answer: the row's version, where there is one row, and a hash of what is sent.

    `digest` stands for a part of the answer that PostgreSQL has hashed already.
    """
    whole = hashlib.blake2b(body + digest, digest_size=10).hexdigest()
    return f'"{version}-{whole}"' if version else f'"{whole}"'


def held(request: HttpRequest) -> str:
    """The If-None-Match of a read; empty without one."""
    return request.META.get("HTTP_IF_NONE_MATCH", "") if request.method in ("GET", "HEAD") else ""


def matches(held: str, tag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2): compression makes validators weak on their way."""
    return held.strip() == "*" or tag.strip('"') in _TAG.findall(held)


def expected(request: HttpRequest, version: str) -> None:
    """Raise 412 unless an If-Match, where one is sent, names the row's version.

    Only the version in front of the dash counts: the hash behind it belongs to one rendering of the row.
    """
    wanted = request.META.get("HTTP_IF_MATCH", "")
    if not wanted or wanted.strip() == "*":
        return
    if version not in [tag.partition("-")[0] for tag in _TAG.findall(wanted)]:
        raise Problem(412, "stale", "Somebody changed this since you read it. Read it again.")


class Shortcut:
    """Answers an If-None-Match without the database, as long as nothing was written to the rooms that the answer shows.

    A reader who asks conditionally leaves a note: this question, in these versions of the rooms, had this validator.
    Writers begin a new version with their transaction (`core.cache.bump`), so the note dies before its answer is old. A
    note lives for 30 seconds at most: that bounds what a writer who could not reach the cache may leave behind.
    """

    __slots__ = ("_key", "_rooms", "_versions")

    def __init__(self, question: str, rooms: Sequence[str]) -> None:
        self._key = f"held:{hashlib.blake2b(question.encode(), digest_size=16).hexdigest()}"
        self._rooms = tuple(rooms)
        self._versions: list[str] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """What `core.cache.glance` must read for this."""
        return (self._key, *(cache.version_key(room) for room in self._rooms))

    def tag(self, found: list[bytes | None]) -> str:
        """The current validator of the answer, or empty when only the database knows."""
        note, *versions = found
        known = [v.decode() for v in versions if v is not None and v != cache.BEING_WRITTEN]
        if len(known) != len(self._rooms):
            return ""
        self._versions = known
        if note is None:
            return ""
        noted, tag = orjson.loads(note)
        return str(tag) if noted == known else ""

    def begin(self) -> None:
        """Read the versions before the database is read, where `glance` did not find them."""
        if self._versions is None:
            found = [cache.version(room) for room in self._rooms]
            if all(found):
                self._versions = [v.decode() for v in found if v is not None]

    def note(self, tag: str) -> None:
        """Leave the note."""
        if self._versions is not None:
            cache.keep_raw(self._key, orjson.dumps([self._versions, tag]), TRUSTED_SECONDS)
