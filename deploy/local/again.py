"""What a second start need not do again: steps whose sources have not changed since they were done."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC_FILES = ("platform/*/static/**/*", "schools/*/static/**/*", "requirements.lock")
MIGRATIONS = ("*/migrations/*.py", "*/*/migrations/*.py", "requirements.lock")


class Step:
    """One step of a start; its note lies in `var/run` and goes with the data when they are removed."""

    def __init__(self, name: str, *, var: Path, sources: Sequence[str], target: str = "", root: Path = ROOT) -> None:
        self._note = var / "run" / f"{name}.done"
        self._sources = sources
        self._target = target
        self._root = root

    def is_done(self) -> bool:
        """Whether it was done for this target from these very files."""
        return self._note.exists() and self._note.read_text() == self._fingerprint()

    def note(self) -> None:
        """It is done."""
        self._note.parent.mkdir(parents=True, exist_ok=True)
        self._note.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        seen = hashlib.sha256(self._target.encode())
        for pattern in self._sources:
            for path in sorted(self._root.glob(pattern)):
                if path.is_file():
                    stat = path.stat()
                    seen.update(f"{path.relative_to(self._root)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        return seen.hexdigest()
