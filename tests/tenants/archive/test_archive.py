"""A whole school in one file, and the same school out of it."""

import hashlib
import json
import zipfile
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core import clock
from core.errors import DomainError
from schools.people.models import Student
from tenants import context, database, template
from tenants.archive import loading, manifest, packing, tables, totals, writing
from tenants.archive.manifest import Unreadable
from tenants.archive.packing import Unpacker
from tenants.models import School

SIDE = "side_of_the_test"


def test_the_file_holds_every_table_every_file_and_says_so(school: School, copy: Path) -> None:
    with Unpacker(copy) as source:
        source.check()
        said = source.manifest
    with context.in_school(school), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [school.schema])
        assert len(said.of("table")) == cursor.fetchone()[0] - len(tables.LEFT_OUT)
        assert said.counts()["tables/people_student.csv"] == Student.objects.count() == 3
    assert [m.name for m in said.of("media")] == ["media/open/logo.png", "media/people/letter.txt"]
    assert (said.school["slug"], said.school["name"], said.left_out) == (
        "mwangaza", "Mwangaza School", ("django_session",)
    )  # fmt: skip
    with zipfile.ZipFile(copy) as opened:
        assert opened.read("media/open/logo.png") == b"\x89PNG picture"
        assert json.loads(opened.read("manifest.json"))["format"] == "shule-copy"
        assert "tables/identity_user.csv" in opened.namelist() and "tables/django_session.csv" not in opened.namelist()


def test_what_comes_out_is_what_went_in_by_count_and_by_digest(school: School, copy: Path) -> None:
    with Unpacker(copy) as source:
        counts = loading.load(source, SIDE)
        assert loading.faults(source.manifest, SIDE) == []
        assert {f"tables/{name}.csv": number for name, number in counts.items()} == source.manifest.counts()
    with database.snapshot() as own:
        assert own.execute(f"SELECT name FROM {SIDE}.assessment_assessment").fetchone() == ('Mid-term, "one"\nof two',)
    loading.drop(SIDE)


def test_the_file_carries_what_the_school_adds_up_to(school: School, copy: Path) -> None:
    with Unpacker(copy) as source:
        said = source.manifest.facts["totals"]
    assert said == {"attendance marks by code": "", "marks": "1 scores, 41.50 points"}


def test_a_school_that_does_not_add_up_to_its_copy_is_not_loaded(school: School, copy: Path, tmp_path: Path) -> None:
    with Unpacker(copy) as source, pytest.raises(totals.DoesNotReconcile) as refused:
        source.manifest.facts["totals"]["marks"] = "1 scores, 42.50 points"
        loading.load(source, SIDE)
    assert refused.value.message == "marks: the copy says 1 scores, 42.50 points, restored are 1 scores, 41.50 points"
    with database.apart() as own:
        assert own.execute("SELECT to_regnamespace(%s)", [SIDE]).fetchone() == (None,)


def test_a_total_that_the_copy_did_not_know_yet_is_no_fault(school: School, copy: Path) -> None:
    with Unpacker(copy) as source:
        source.manifest.facts["totals"] = {"a total of an earlier version": "7"}
        assert loading.load(source, SIDE)["assessment_mark"] == 1
    loading.drop(SIDE)


def test_a_loaded_schema_keeps_its_rules_and_counts_on(school: School, copy: Path) -> None:
    with Unpacker(copy) as source:
        loading.load(source, SIDE)
    with database.apart() as own:
        highest = own.execute(f"SELECT max(id) FROM {SIDE}.django_migrations").fetchone()[0]
        added = own.execute(
            f"INSERT INTO {SIDE}.django_migrations (app, name, applied) VALUES ('x', 'y', now()) RETURNING id"
        ).fetchone()[0]
        assert added == highest + 1
    for statement in (f"UPDATE {SIDE}.audit_entry SET action = 'x'", f"DELETE FROM {SIDE}.audit_seal"):
        with pytest.raises(psycopg.errors.RestrictViolation), database.apart() as own:
            own.execute(statement)
    loading.drop(SIDE)


@pytest.mark.parametrize("damage", ["cut", "flipped", "swapped", "no manifest", "not a zip"])
def test_a_damaged_file_is_refused_and_leaves_nothing(school: School, copy: Path, tmp_path: Path, damage: str) -> None:
    broken = tmp_path / "broken.zip"
    raw = copy.read_bytes()
    if damage == "cut":
        broken.write_bytes(raw[: len(raw) // 2])
    elif damage == "flipped":
        at = raw.index(b"PNG picture") + 2
        broken.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    elif damage == "not a zip":
        broken.write_bytes(b"habari")
    else:
        with zipfile.ZipFile(copy) as good, zipfile.ZipFile(broken, "w") as bad:
            for name in good.namelist():
                if name == manifest.NAME and damage == "no manifest":
                    continue
                body = good.read(name)
                if name == "tables/people_student.csv" and damage == "swapped":
                    body = body.replace(b"Amani", b"Imani")
                bad.writestr(name, body)
    with pytest.raises(Unreadable), Unpacker(broken) as source:
        if damage != "flipped":
            loading.load(source, SIDE)
        source.check()
    with database.snapshot() as own:
        assert own.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [SIDE]).fetchone() is None


def test_whichever_byte_is_changed_the_file_is_refused_or_reads_as_it_was(copy: Path, tmp_path: Path) -> None:
    raw = copy.read_bytes()
    broken = tmp_path / "broken.zip"
    refused = 0
    for at in range(0, len(raw), len(raw) // 400):
        broken.write_bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
        try:
            with Unpacker(broken) as source:
                source.check()
        except Unreadable:
            refused += 1
    assert refused > 300


@pytest.mark.parametrize("name", ["media/../../etc/passwd", "/etc/passwd", "media\\..\\x"])
def test_a_file_that_leads_out_of_its_place_is_refused(copy: Path, tmp_path: Path, name: str) -> None:
    hostile = tmp_path / "hostile.zip"
    with zipfile.ZipFile(copy) as good, zipfile.ZipFile(hostile, "w") as bad:
        said = json.loads(good.read(manifest.NAME))
        said["members"].append({"name": name, "kind": "media", "sha256": "", "bytes": 0})
        bad.writestr(manifest.NAME, json.dumps(said))
    with pytest.raises(Unreadable):
        Unpacker(hostile)


def test_records_that_do_not_fit_together_are_refused(school: School, tmp_path: Path) -> None:
    path = tmp_path / "torn.zip"
    writing.write(path, school, at=clock.now())
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(tmp_path / "less.zip", "w") as bad:
        said = json.loads(good.read(manifest.NAME))
        for name in good.namelist():
            body = good.read(name)
            if name == "tables/people_guardian.csv":
                body = body.split(b"\n")[0] + b"\n"
                member = next(m for m in said["members"] if m["name"] == name)
                member |= {"rows": 0, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            if name != manifest.NAME:
                bad.writestr(name, body)
        bad.writestr(manifest.NAME, json.dumps(said))
    with pytest.raises(Unreadable, match="do not fit together"), Unpacker(tmp_path / "less.zip") as source:
        loading.load(source, SIDE)


def test_a_file_of_earlier_code_is_loaded_at_its_migrations_and_brought_forward(school: School, tmp_path: Path) -> None:
    with context.in_school(school):
        MigrationExecutor(connection).migrate([("audit", "0001_initial")])
    path = tmp_path / "early.zip"
    writing.write(path, school, at=clock.now())
    with Unpacker(path) as source:
        assert loading.is_older(source.manifest) and ("audit", "0002_append_only") not in source.manifest.migrations
        loading.load(source, SIDE)
    with database.apart() as own:
        assert set(writing.migrations(own, SIDE)) == template.wanted(settings.TENANT_APPS)
        assert own.execute(f"SELECT first_name FROM {SIDE}.people_student ORDER BY 1 LIMIT 1").fetchone() == ("Amani",)
    with pytest.raises(psycopg.errors.RestrictViolation), database.apart() as own:
        own.execute(f"DELETE FROM {SIDE}.audit_seal")
    loading.drop(SIDE)


def test_a_file_of_later_code_is_refused_by_name(school: School, copy: Path) -> None:
    with Unpacker(copy) as source:
        said = source.manifest
        later = (*said.migrations, ("people", "9999_of_tomorrow"))
        source.manifest = manifest.Manifest(**{**{f: getattr(said, f) for f in said.__slots__}, "migrations": later})
        with pytest.raises(DomainError, match=r"people\.9999_of_tomorrow"):
            loading.load(source, SIDE)


def test_the_digest_of_a_file_names_it(copy: Path) -> None:
    assert len(packing.digest_of(copy)) == 64
