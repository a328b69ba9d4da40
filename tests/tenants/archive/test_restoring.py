"""One school restored beside itself, compared, swapped, and everything else left alone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from audit import chain
from audit import recording as audit
from core import cache, clock, storage
from core.errors import Conflict
from identity.models import User
from schools.people.models import Student
from tenants import context, keeping_house, restoring
from tenants.archive import making
from tenants.archive.manifest import Unreadable
from tenants.models import Copy, CopyState, Restoration, RestorationState, School
from tests.conftest import sign_in

RunJobs = Callable[[], list[str]]


@pytest.fixture
def archive(school: School) -> Copy:
    """The archive of the morning; afterwards somebody works on."""
    made = making.back_up(school_id=school.pk, at=clock.now())
    with context.in_school(school), transaction.atomic():
        Student.objects.filter(first_name="Amani").update(middle_name="Otieno")
        Student.objects.create(first_name="Kevin", last_name="Mwangi", admission_number="A9999", sex="M")
        connection.cursor().execute("DELETE FROM assessment_mark")
        audit.record("student.changed", by=None, at=clock.now())
        chain.seal()
        storage.delete("open/logo.png")
    return made


def schemas() -> list[str]:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(side|old)_' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def loaded(school: School, archive: Copy) -> Restoration:
    asked = restoring.ask(school_id=school.pk, copy_id=archive.pk, by=None, at=clock.now(), in_background=False)
    return restoring.load(asked.pk, at=clock.now())


def test_the_difference_says_what_would_come_change_and_go(school: School, archive: Copy) -> None:
    found = {
        one["label"]: (one["added"], one["changed"], one["removed"]) for one in loaded(school, archive).differences
    }
    assert found["Students"] == (0, 1, 1)
    assert found["Marks"] == (1, 0, 0)
    assert found["Files"] == (1, 0, 0)
    assert "Guardians" not in found
    with context.in_school(school):
        assert Student.objects.filter(first_name="Kevin").exists()


def test_the_swap_brings_the_morning_back_and_everybody_signs_in_again(school: School, archive: Copy) -> None:
    client = Client(HTTP_HOST=f"{school.slug}.{settings.PLATFORM_DOMAIN}")
    with context.in_school(school):
        sign_in(client, User.objects.get(username="jane.njeri"))
        cache.set("front", "of the evening", 60)
    assert client.get("/").status_code == 200
    restoring.swap(restoration_id=loaded(school, archive).pk, by=None, at=clock.now())
    with context.in_school(school):
        assert sorted(s.first_name for s in Student.objects.all()) == ["Amani", "Brian", "Zawadi"]
        assert Student.objects.get(first_name="Amani").middle_name == "Wekesa"
        assert cache.get("front") is None
        assert storage.read("open/logo.png") == b"\x89PNG picture"
        while chain.seal():
            pass
        assert list(chain.verify()) == []
    assert client.get("/").status_code == 302
    with context.in_public():
        while chain.seal():
            pass
        assert list(chain.verify()) == []


def test_what_was_replaced_is_kept_for_two_weeks_and_then_dropped(school: School, archive: Copy) -> None:
    restoration = loaded(school, archive)
    restoring.swap(restoration_id=restoration.pk, by=None, at=clock.now())
    with context.in_public():
        restoration.refresh_from_db()
    assert schemas() == [restoration.kept]
    keeping_house.hourly(at=clock.now() + timedelta(days=13))
    assert schemas() == [restoration.kept]
    keeping_house.hourly(at=clock.now() + timedelta(days=15))
    assert schemas() == []


def test_what_was_loaded_can_be_thrown_away(school: School, archive: Copy) -> None:
    restoration = loaded(school, archive)
    with pytest.raises(Conflict):
        loaded(school, archive)
    restoring.discard(restoration_id=restoration.pk, by=None, at=clock.now())
    assert schemas() == []
    with pytest.raises(Conflict):
        restoring.swap(restoration_id=restoration.pk, by=None, at=clock.now())
    with context.in_school(school):
        assert Student.objects.filter(first_name="Kevin").exists()


def test_what_was_loaded_before_a_release_is_not_put_in_place(school: School, archive: Copy) -> None:
    restoration = loaded(school, archive)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {restoration.side}.django_migrations WHERE app = 'people'")
    with pytest.raises(Conflict, match="before the last release"):
        restoring.swap(restoration_id=restoration.pk, by=None, at=clock.now())


def test_a_drill_proves_the_newest_archive_and_leaves_nothing_behind(school: School, archive: Copy) -> None:
    result = restoring.drill(at=clock.now())
    assert result is not None and (result.state, result.error) == (RestorationState.DISCARDED, "")
    with context.in_public():
        archive.refresh_from_db()
    assert archive.verified_at is not None and schemas() == []


def test_a_drill_with_a_damaged_archive_says_so(school: School, archive: Copy) -> None:
    path = Path(settings.STORAGES["archives"]["OPTIONS"]["location"]) / archive.file
    raw = bytearray(path.read_bytes())
    raw[200:260] = b"x" * 60
    path.chmod(0o600)
    path.write_bytes(raw)
    result = restoring.drill(at=clock.now())
    assert result is not None and result.state == RestorationState.FAILED and "damaged" in result.error
    assert schemas() == []


def test_another_schools_archive_is_not_taken(school: School, archive: Copy, baraka: School) -> None:
    with pytest.raises(Conflict):
        restoring.ask(school_id=baraka.pk, copy_id=archive.pk, by=None, at=clock.now())


def test_an_export_in_the_background_is_ready_for_a_week(school: School, run_jobs: RunJobs) -> None:
    at = clock.now()
    asked = making.ask(school_id=school.pk, kind="export", by=None, at=at)
    assert making.ask(school_id=school.pk, kind="export", by=None, at=at).pk == asked.pk
    assert run_jobs() == ["tenants.make_copy"]
    with context.in_public():
        made = making.ready(copy_id=asked.pk, school_id=school.pk, kinds=("export",), at=at)
        assert made.done == made.total > 20 and made.bytes > 1000 and len(made.sha256) == 64
    keeping_house.hourly(at=at + timedelta(days=8))
    with context.in_public():
        made.refresh_from_db()
        assert made.state == CopyState.EXPIRED
    assert making.places.of_school(school.pk) == []


def test_the_newest_archive_outlives_its_time(school: School, archive: Copy) -> None:
    keeping_house.hourly(at=clock.now() + timedelta(days=400))
    with context.in_public():
        archive.refresh_from_db()
    assert archive.state == CopyState.DONE and Unreadable.code == "unreadable_archive"
