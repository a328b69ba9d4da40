"""The cluster backed up for real, and one school out of an earlier moment of it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from audit import recording as audit
from core import clock
from core.errors import DomainError
from schools.people.models import Student
from tenants import context
from tenants.backup import cluster as backups
from tenants.backup import watching
from tenants.backup.cluster import BackupFailed
from tenants.models import Copy, CopyState, School


@pytest.fixture
def made(school: School) -> Copy:
    """The newest base backup."""
    with context.in_public():
        newest = backups.bases().first()
    return newest or backups.base(at=clock.now())


def rename(school: School, name: str) -> None:
    with context.in_school(school), transaction.atomic():
        Student.objects.filter(last_name="Barasa", first_name__startswith="A").update(first_name=name)
        audit.record("student.changed", by=None, at=clock.now())


def test_one_school_comes_back_as_of_a_moment_and_the_other_goes_on(
    cluster: Path, school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    with context.in_public():
        other = School.objects.get(slug="baraka")
    with pytest.raises(CommandError, match="No base backup is older"):
        call_command("school", "restore", "mwangaza", "--at", clock.now().isoformat(), "--swap")
    call_command("backup", "base")
    rename(school, "Amani of noon")
    time.sleep(0.05)
    noon = clock.now()
    time.sleep(0.05)
    rename(school, "A mistake")
    with context.in_school(other):
        Student.objects.filter(first_name="Halima").update(middle_name="of the evening")
    call_command("school", "restore", "mwangaza", "--at", noon.isoformat(), "--swap")
    said = capsys.readouterr().out
    assert [line.split() for line in said.splitlines() if "Students" in line] == [["Students", "0", "1", "0"]]
    with context.in_school(school):
        assert Student.objects.filter(first_name="Amani of noon").count() == 1
    with context.in_school(other):
        assert Student.objects.get(first_name="Halima").middle_name == "of the evening"
    assert not list((cluster / "work").iterdir())


def test_a_moment_to_come_is_refused(school: School) -> None:
    with pytest.raises(CommandError, match="still to come"):
        call_command("school", "restore", "mwangaza", "--at", "2100-01-01T00:00", "--swap")


def test_a_base_backup_is_checked_and_damage_is_noticed(cluster: Path, school: School, made: Copy) -> None:
    assert backups.verify(made, at=clock.now()).verified_at is not None
    hurt = next((cluster / "backups" / "base" / made.file / "base").rglob("1259"))
    raw = bytearray(hurt.read_bytes())
    raw[100] ^= 1
    hurt.write_bytes(raw)
    with pytest.raises(BackupFailed, match=r"base/\d+/1259 is damaged"):
        backups.verify(made, at=clock.now())
    raw[100] ^= 1
    hurt.write_bytes(raw)


def test_the_oldest_base_backups_and_the_log_that_none_needs_are_removed(
    cluster: Path, school: School, made: Copy
) -> None:
    first = min(path.name for path in (cluster / "backups" / "wal").iterdir())
    made = backups.base(at=clock.now())
    assert backups.prune(keep=1) >= 1
    assert [path.name for path in (cluster / "backups" / "base").iterdir()] == [made.file]
    assert first not in {path.name for path in (cluster / "backups" / "wal").iterdir()}
    with context.in_public():
        assert Copy.objects.filter(kind="cluster", state=CopyState.DONE).count() == 1


def test_a_failed_backup_says_why_in_postgresqls_words(cluster: Path, school: School) -> None:
    with (
        override_settings(BACKUP_DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/x"),
        pytest.raises(DomainError, match="Connection refused"),
    ):
        backups.base(at=clock.now())
    with context.in_public():
        assert Copy.objects.filter(state=CopyState.FAILED).count() == 1
    assert not [path for path in (cluster / "backups" / "base").iterdir() if path.name.endswith(".part")]


def test_where_the_server_cannot_write_to_the_archive_its_log_is_streamed_there(
    cluster: Path, school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = threading.Event()

    def watch() -> None:
        with closing(connection):
            watching.watch(stop.is_set, pause=0.05)

    with context.in_public():
        Copy.objects.filter(kind="cluster").delete()
    with override_settings(BACKUPS_URL=f"file://{cluster}/streamed"), ThreadPoolExecutor(1) as pool:
        running = pool.submit(watch)
        try:
            while watching.is_due(clock.now()) and not running.done():
                time.sleep(0.05)
            noon = clock.now()
            rename(school, "A mistake of the afternoon")
            call_command("school", "restore", "mwangaza", "--at", noon.isoformat(), "--keep-beside")
        finally:
            stop.set()
        running.result()
    said = capsys.readouterr().out
    assert [line.split() for line in said.splitlines() if "Students" in line] == [["Students", "0", "1", "0"]]
    assert watching.is_due(clock.now() + timedelta(hours=24))
