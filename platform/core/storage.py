"""Files of a school, each under the school's own prefix, read through signed addresses that expire."""

import hashlib
import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.core import signing
from django.core.files.base import ContentFile, File
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


def walk(folder: str = "") -> Iterator[str]:
    """The paths of all files of the current school, in order."""
    key = _key(folder) if folder else scope.current().id
    try:
        folders, files = default_storage.listdir(key)
    except FileNotFoundError:
        return
    here = f"{folder}/" if folder else ""
    yield from (here + name for name in sorted(files))
    for name in sorted(folders):
        yield from walk(here + name)


def pieces(path: str) -> Iterator[bytes]:
    """A file of the current school, piece by piece."""
    with default_storage.open(_key(path), "rb") as file:
        yield from file.chunks(256 * 1024)


def exists(path: str) -> bool:
    """Whether the current school has this file."""
    return bool(default_storage.exists(_key(path)))


def digest(path: str) -> str:
    """SHA-256 of a file of the current school."""
    found = hashlib.sha256()
    for piece in pieces(path):
        found.update(piece)
    return found.hexdigest()


def put(path: str, content: Iterator[bytes]) -> None:
    """Write a file of the current school piece by piece, replacing one of the same name."""
    key = _key(path)
    with tempfile.TemporaryFile() as whole:
        for piece in content:
            whole.write(piece)
        whole.seek(0)
        if default_storage.exists(key):
            default_storage.delete(key)
        default_storage.save(key, File(whole))


def erase() -> int:
    """Remove every file of the current school; gives back how many."""
    paths = list(walk())
    for path in paths:
        delete(path)
    _drop_folders(scope.current().id)
    return len(paths)


def _drop_folders(key: str) -> None:
    """Empty folders are kept by file systems alone; storages without them have nothing to drop."""
    try:
        folders, _files = default_storage.listdir(key)
        for name in folders:
            _drop_folders(f"{key}/{name}")
        default_storage.delete(key)
    except FileNotFoundError:
        return


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
