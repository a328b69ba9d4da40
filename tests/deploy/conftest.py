"""Folders in which a server that runs as another user can live, and children that never outlive their test."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path below the system's temporary folder, which every user may pass."""
    folder = Path(tempfile.mkdtemp(prefix="shule-deploy-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
