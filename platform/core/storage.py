"""Files of a school, each under the school's own prefix, read through signed addresses that expire."""

import io
import time
from pathlib import PurePosixPath

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import scope
from core.errors import NotFound

URL_SECONDS = 3600
OPEN = "open"  # files under this folder are shown to whoever holds their address, signed in or not
_SALT = "core.storage"


def _key(path: str) -> str:
    clean = PurePosixPath(path)
    if clean.is_absolute() or ".." in clean.parts or "\\" in path or "\0" in path or not clean.parts:
        raise ValueError("A storage path is relative and stays inside the school's own prefix.")
    return f"{scope.current().id}/{clean}"


def save(path: str, content: bytes) -> str:
    """Write a file of the current school, replacing one of the same name; gives back its path."""
    key = _key(path)
    if default_storage.exists(key):
        default_storage.delete(key)
    default_storage.save(key, ContentFile(content))
    return path


def read(path: str) -> bytes:
    """The bytes of a file of the current school; raises NotFound."""
    try:
        with default_storage.open(_key(path), "rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise NotFound("The file is not there any more.") from None


def open_stream(path: str) -> io.BytesIO:
    """The file in memory, for libraries that want a stream."""
    return io.BytesIO(read(path))


def delete(path: str) -> None:
    """Remove a file of the current school; removing it twice is fine."""
    default_storage.delete(_key(path))


def size(folder: str = "") -> int:
    """The bytes of all files of the current school."""
    key = _key(folder) if folder else scope.current().id
    try:
        folders, files = default_storage.listdir(key)
    except FileNotFoundError:
        return 0
    here = f"{folder}/" if folder else ""
    return sum(default_storage.size(f"{key}/{name}") for name in files) + sum(size(here + name) for name in folders)


class _Hourly(signing.TimestampSigner):
    """Signs the hour, so that one address of a file is asked for once an hour and then found in the browser's cache."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) // URL_SECONDS * URL_SECONDS)


def url(path: str) -> str:
    """An address of this file, the same for up to an hour, that works on this school's host for one to two hours."""
    token = _Hourly(salt=f"{_SALT}:{scope.current().id}").sign(path)
    return f"/media/{token}"


def path_of(token: str) -> str:
    """The path behind a signed address; raises NotFound for a forged, foreign or expired one."""
    try:
        return signing.TimestampSigner(salt=f"{_SALT}:{scope.current().id}").unsign(token, max_age=URL_SECONDS * 2)
    except signing.BadSignature:
        raise NotFound("This address is not valid any more.") from None
