"""A zip that is written and read piece by piece, with the digest of every member taken on the way."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType

from django.utils.translation import gettext as _

from tenants.archive import manifest
from tenants.archive.manifest import Manifest, Member, Unreadable

# What zipfile raises at bytes that are not its own: wrong sums, cut streams, names that are no text, unknown methods.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
PIECE = 256 * 1024
LONGEST_MANIFEST = 64 * 1024 * 1024
STORED = (".avif", ".gz", ".jpeg", ".jpg", ".pdf", ".png", ".webp", ".zip", ".xlsx")


class Packer:
    """Writes members one after the other, and the manifest last."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self.members: list[Member] = []

    def __enter__(self) -> "Packer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._zip.close()

    def add(
        self, name: str, kind: str, pieces: Iterable[bytes], *, columns: tuple[str, ...] = (), rows: int | None = None
    ) -> Member:
        """Write one member; `rows` may be set afterwards with `counted`."""
        digest, size = hashlib.sha256(), 0
        packed = zipfile.ZipInfo(name)
        packed.compress_type = zipfile.ZIP_STORED if name.lower().endswith(STORED) else zipfile.ZIP_DEFLATED
        packed.external_attr = 0o600 << 16
        with self._zip.open(packed, "w", force_zip64=True) as target:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        member = Member(name, kind, digest.hexdigest(), size, rows, columns)
        self.members.append(member)
        return member

    def counted(self, rows: int) -> None:
        """Say how many rows the last member has."""
        last = self.members[-1]
        self.members[-1] = Member(last.name, last.kind, last.sha256, last.bytes, rows, last.columns)

    def close_with(self, said: Manifest) -> None:
        """Write the manifest."""
        self._zip.writestr(manifest.NAME, said.text())


class Unpacker:
    """Reads a file that may have been damaged or made up; every member is checked against the manifest."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            if self._zip.getinfo(manifest.NAME).file_size > LONGEST_MANIFEST:
                raise Unreadable(_("This file is not a copy of a school."))
            self.manifest = manifest.read(self._zip.read(manifest.NAME))
        except (*DAMAGED, KeyError) as error:
            raise Unreadable(_("This file is not a copy of a school.")) from error
        if any(_leads_out(member.name) for member in self.manifest.members):
            raise Unreadable(_("This file is not a copy of a school."))
        there = {entry.filename for entry in self._zip.infolist()}
        if missing := [member.name for member in self.manifest.members if member.name not in there]:
            raise Unreadable(_("%(name)s is missing from the file.") % {"name": missing[0]})

    def __enter__(self) -> "Unpacker":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._zip.close()

    def pieces(self, member: Member) -> Iterator[bytes]:
        """A member's bytes; raises Unreadable after the last one when they are not those that were written."""
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(member.name) as source:
                while piece := source.read(PIECE):
                    size += len(piece)
                    if size > member.bytes:
                        break
                    digest.update(piece)
                    yield piece
        except DAMAGED as error:
            raise Unreadable(_("%(name)s is damaged.") % {"name": member.name}) from error
        if size != member.bytes or digest.hexdigest() != member.sha256:
            raise Unreadable(_("%(name)s is damaged.") % {"name": member.name})

    def check(self) -> None:
        """Read every member; raises Unreadable for the first that is not as it was written."""
        for member in self.manifest.members:
            for _piece in self.pieces(member):
                pass


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name


def digest_of(path: Path) -> str:
    """SHA-256 of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
