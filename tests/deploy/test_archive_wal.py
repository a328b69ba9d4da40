"""The script that takes each piece of PostgreSQL's log: whole or not at all, and never another one over it."""

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "deploy" / "bin" / "archive-wal"
NAME = "000000010000000000000001"


def archive(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, path, NAME, folder], capture_output=True, text=True, check=False)


def test_a_piece_is_taken_once_and_asked_for_again_is_fine(tmp_path: Path) -> None:
    piece, folder = tmp_path / "piece", tmp_path / "wal"
    folder.mkdir()
    piece.write_bytes(b"a" * 1000)
    assert archive(piece, folder).returncode == 0
    assert archive(piece, folder).returncode == 0
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert (folder / NAME).read_bytes() == piece.read_bytes()


def test_another_piece_of_that_name_is_refused(tmp_path: Path) -> None:
    piece, folder = tmp_path / "piece", tmp_path / "wal"
    folder.mkdir()
    (folder / NAME).write_bytes(b"the first")
    piece.write_bytes(b"another")
    refused = archive(piece, folder)
    assert refused.returncode == 1 and "is another" in refused.stderr
    assert (folder / NAME).read_bytes() == b"the first"


def test_a_folder_that_is_away_is_a_failure_that_postgresql_tries_again(tmp_path: Path) -> None:
    piece = tmp_path / "piece"
    piece.write_bytes(b"a")
    assert archive(piece, tmp_path / "away").returncode != 0
