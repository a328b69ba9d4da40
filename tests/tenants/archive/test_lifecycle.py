"""A school put away and brought back, brought in elsewhere, renamed, and erased."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from audit import chain
from core import cache, clock, jobs, storage
from core.errors import Conflict, DomainError, NotAllowed
from identity import accounts
from identity.models import User
from tenants import context, erasing, keeping_house, lifecycle, provisioning
from tenants.archive import importing, loading, making
from tenants.archive.packing import Unpacker
from tenants.models import Erasure, School, State


@pytest.fixture
def ann(school: School) -> User:
    with context.in_public():
        return User.objects.get(username="ann.chelimo")


@pytest.fixture
def ben(school: School) -> User:
    with context.in_public(), transaction.atomic():
        return accounts.create(
            username="ben.kiptoo", full_name="Ben Kiptoo", roles=["operator"], password="kilimo-na-maji-26", by=None,
            at=clock.now(),
        )  # fmt: skip


def at(slug: str) -> Client:
    return Client(HTTP_HOST=f"{slug}.{settings.PLATFORM_DOMAIN}")


def fresh(school: School) -> School:
    with context.in_public():
        return School.objects.get(pk=school.pk)


def put_away(school: School) -> None:
    lifecycle.ask_to_archive(school_id=school.pk, reason="Moved to another county", by=None, at=clock.now())
    lifecycle.put_away(school_id=school.pk, by="", at=clock.now())


def test_a_school_is_put_away_whole_and_comes_back_under_its_id_the_same(school: School, tmp_path: Path) -> None:
    put_away(school)
    assert fresh(school).state == State.ARCHIVED and erasing.schemas(school.pk, school.schema) == []
    with context.in_school(school):
        assert list(storage.walk()) == []
    lifecycle.bring_back(school_id=school.pk, at=clock.now())
    assert fresh(school).state == State.LIVE
    with context.in_public():
        kept = making.newest(school.pk)
    assert kept is not None
    importing.fetch(kept, tmp_path / "kept.zip")
    with Unpacker(tmp_path / "kept.zip") as source:
        assert loading.faults(source.manifest, school.schema) == []
    with context.in_school(school):
        assert storage.read("open/logo.png") == b"\x89PNG picture"
        assert list(chain.verify()) == []
    assert at("mwangaza").get("/sign-in/").status_code == 200


def test_an_archived_school_refuses_everybody_with_a_reason(school: School) -> None:
    put_away(school)
    page = at("mwangaza").get("/sign-in/")
    assert page.status_code == 403 and "Mwangaza School is not on the platform at present" in page.content.decode()
    answer = at("mwangaza").get("/api/v1/students/")
    assert (answer.status_code, answer.json()["code"]) == (403, "school_archived")


def test_an_archive_brought_in_under_another_address_is_the_same_school(school: School, copy: Path) -> None:
    made = importing.bring_in(copy, slug="nuru", name="Nuru Academy", by=None, at=clock.now())
    assert (made.state, made.pk == school.pk) == (State.LIVE, False)
    with Unpacker(copy) as source:
        faults = loading.faults(source.manifest, made.schema)
    # One entry is added to the trail: that it was brought in.
    assert faults == ["tables/audit_entry.csv: the rows are not those of the file"]
    with context.in_school(made):
        assert storage.read("open/logo.png") == b"\x89PNG picture"
        while chain.seal():
            pass
        assert list(chain.verify()) == []
    assert at("nuru").get("/sign-in/").status_code == 200


def test_a_file_that_is_not_whole_brings_nothing_in(school: School, copy: Path) -> None:
    with pytest.raises(Conflict):
        importing.bring_in(copy, slug="mwangaza", by=None, at=clock.now())
    copy.write_bytes(copy.read_bytes()[:-4000])
    with pytest.raises(DomainError):
        importing.bring_in(copy, slug="nuru", by=None, at=clock.now())
    with context.in_public():
        assert not School.objects.filter(slug="nuru").exists()


def test_a_renamed_school_is_found_at_both_addresses_and_the_old_one_stays_its_own(school: School) -> None:
    lifecycle.rename(school_id=school.pk, slug="nuru", by=None, at=clock.now())
    moved = at("mwangaza").get("/students/?q=a")
    assert (moved.status_code, moved["Location"]) == (308, "http://nuru.shule.localhost/students/?q=a")
    assert at("nuru").get("/sign-in/").status_code == 200
    with pytest.raises(Conflict):
        provisioning.request(slug="mwangaza", name="New", head_name="", head_email="", by=None, at=clock.now())
    for slug in ("baraka", "www", "a b"):
        with pytest.raises(DomainError):
            lifecycle.rename(school_id=school.pk, slug=slug, by=None, at=clock.now())
    lifecycle.rename(school_id=school.pk, slug="mwangaza", by=None, at=clock.now())
    assert at("nuru").get("/sign-in/").status_code == 308 and at("mwangaza").get("/sign-in/").status_code == 200


def test_a_school_ends_only_by_two_people_and_after_the_grace(school: School, ann: User, ben: User) -> None:
    now = clock.now()
    with pytest.raises(DomainError):
        erasing.ask(school_id=school.pk, reason=" ", by=ann, at=now)
    erasing.ask(school_id=school.pk, reason="The school closed", by=ann, at=now)
    assert fresh(school).state == State.LIVE
    with pytest.raises(NotAllowed):
        erasing.confirm(school_id=school.pk, by=ann, at=now)
    erasing.confirm(school_id=school.pk, by=ben, at=now)
    assert fresh(school).state == State.ERASING
    assert at("mwangaza").get("/api/v1/students/").json()["code"] == "school_erasing"
    keeping_house.hourly(at=now + timedelta(days=29))
    assert fresh(school).state == State.ERASING
    erasing.take_back(school_id=school.pk, by=ann, at=now + timedelta(days=29))
    assert fresh(school).state == State.LIVE
    keeping_house.hourly(at=now + timedelta(days=40))
    assert at("mwangaza").get("/sign-in/").status_code == 200


def test_nothing_of_an_erased_school_is_found_but_its_tombstone(school: School, ann: User, ben: User) -> None:
    now = clock.now()
    making.back_up(school_id=school.pk, at=now)
    with context.in_school(school), transaction.atomic():
        cache.set("motto", "Nuru", 600)
        jobs.later("audit.seal")
    before = erasing.sweep(school.pk)
    assert 0 not in before.values() and set(before) >= {"schemas", "archives", "jobs", "media", "cache"}
    erasing.ask(school_id=school.pk, reason="The school closed", by=ann, at=now)
    erasing.confirm(school_id=school.pk, by=ben, at=now)
    keeping_house.hourly(at=now + timedelta(days=31))
    assert set(erasing.sweep(school.pk).values()) == {0}
    assert at("mwangaza").get("/sign-in/").status_code == 404
    with context.in_public():
        tombstone = Erasure.objects.get(school_id=school.pk)
        said = tombstone.certificate
        assert (said["asked_by"], said["confirmed_by"]) == ("Ann Chelimo", "Ben Kiptoo")
        assert said["addresses"] == ["mwangaza.shule.localhost"] and erasing.is_genuine(said)
        assert not erasing.is_genuine({**said, "reason": "another"})
    with pytest.raises(Conflict):
        provisioning.request(slug="mwangaza", name="New", head_name="", head_email="", by=None, at=now)
    call_command("school", "sweep", str(school.pk))


def test_an_erasure_that_was_killed_half_way_is_taken_up_again(school: School, ann: User, ben: User) -> None:
    now = clock.now()
    erasing.ask(school_id=school.pk, reason="The school closed", by=ann, at=now)
    erasing.confirm(school_id=school.pk, by=ben, at=now)
    loading.drop(school.schema)
    keeping_house.hourly(at=now + timedelta(days=31))
    keeping_house.hourly(at=now + timedelta(days=32))
    assert set(erasing.sweep(school.pk).values()) == {0}
    assert connection.is_usable()


def test_the_command_line_takes_a_school_out_and_brings_it_in(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lifecycle.suspend(school_id=school.pk, reason="Unpaid", by=None, at=clock.now())
    call_command("school", "export", "mwangaza", "--to", str(tmp_path / "export.zip"))
    call_command("school", "export", "mwangaza", "--to", str(tmp_path / "whole.zip"), "--whole")
    assert (tmp_path / "whole.zip").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="portable export"):
        call_command("school", "import", str(tmp_path / "export.zip"), "--slug", "nuru")
    call_command("school", "import", str(tmp_path / "whole.zip"), "--slug", "nuru", "--name", "Nuru Academy")
    assert "Nuru Academy is live at http://nuru.shule.localhost:8000" in capsys.readouterr().out
    call_command("school", "restore", "mwangaza", "--from", str(tmp_path / "whole.zip"))
    said = capsys.readouterr().out
    assert "Mwangaza School as of" in said and "Thrown away. The school was not touched." in said
    call_command("drill", "restore", "--school", "mwangaza")
    assert "came back" in capsys.readouterr().out


def test_the_command_line_ends_a_school_by_two_operators_and_its_name(school: School, ann: User, ben: User) -> None:
    end = ("school", "erase", "mwangaza", "--name", "Mwangaza School", "--as")
    with pytest.raises(CommandError, match="not the name"):
        call_command("school", "erase", "mwangaza", "--name", "Mwangaza", "--as", "ann.chelimo", "--reason", "x")
    with pytest.raises(CommandError, match="No operator"):
        call_command(*end, "jane.njeri", "--reason", "Contract ended")
    call_command(*end, "ann.chelimo", "--reason", "Contract ended")
    with pytest.raises(CommandError, match="Another operator"):
        call_command(*end, "ann.chelimo", "--confirm")
    call_command(*end, "ben.kiptoo", "--confirm")
    assert fresh(school).state == State.ERASING
    call_command(*end, "ann.chelimo", "--take-back")
    assert fresh(school).state == State.LIVE
    with pytest.raises(CommandError, match="Something is left"):
        call_command("school", "sweep", str(school.pk))
