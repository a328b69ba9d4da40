"""Where copies lie, and what the schemas are called that stand beside a school's own."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from core.errors import NotFound
from tenants import naming


def file_name(school_id: UUID, slug: str, kind: str, at: datetime) -> str:
    """A new file's name; its last word of chance is not to be guessed."""
    return f"{school_id}/{slug}-{kind}-{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(8)}.zip"


def side_schema(school_id: UUID) -> str:
    """Where an earlier self is loaded beside the school."""
    return naming.quoted(f"side_{school_id.hex}")


def kept_schema(school_id: UUID, at: datetime) -> str:
    """Where a school's schema goes when another takes its place."""
    return naming.quoted(f"old_{school_id.hex}_{int(at.timestamp()):x}")


def keep(path: Path, name: str) -> None:
    """Put a finished file into the store of copies."""
    with path.open("rb") as file:
        storages["archives"].save(name, File(file))


def open_file(name: str) -> IO[bytes]:
    """A kept file; raises NotFound."""
    try:
        return storages["archives"].open(name, "rb")
    except FileNotFoundError:
        raise NotFound(_("The file is not there any more.")) from None


def remove(name: str) -> None:
    """Remove a kept file; removing it twice is fine."""
    if name:
        storages["archives"].delete(name)


def of_school(school_id: UUID) -> list[str]:
    """The names of every kept file of a school."""
    try:
        _folders, files = storages["archives"].listdir(str(school_id))
    except FileNotFoundError:
        return []
    return [f"{school_id}/{name}" for name in files]


def remove_all(school_id: UUID) -> int:
    """Remove every kept file of a school, and its folder."""
    names = of_school(school_id)
    for name in names:
        remove(name)
    storages["archives"].delete(str(school_id))
    return len(names)


@contextmanager
def workroom() -> Iterator[Path]:
    """A folder for the length of a block, on a disk that can hold a school; never in memory."""
    Path(settings.WORKROOM).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="copy-", dir=settings.WORKROOM, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def at_hand(name: str) -> Iterator[Path]:
    """A kept file as a local one, for the length of a block."""
    with workroom() as folder:
        local = folder / "copy.zip"
        with open_file(name) as source, local.open("wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)
        yield local
