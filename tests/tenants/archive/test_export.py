"""The school's portable export: what the API shows, its media, and no secret."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from core import clock
from identity.models import User
from tenants import context
from tenants.archive import exporting
from tenants.archive.packing import Unpacker
from tenants.models import School


@pytest.fixture
def export(school: School, tmp_path: Path) -> zipfile.ZipFile:
    path = tmp_path / "export.zip"
    exporting.write(path, school, at=clock.now())
    with Unpacker(path) as source:
        source.check()
    return zipfile.ZipFile(path)


def table(export: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export.read(f"{name}.csv").decode("utf-8-sig"))))


def test_every_collection_of_the_api_is_there_in_both_forms(export: zipfile.ZipFile) -> None:
    names = {"students", "guardians", "staff", "classes", "teaching-groups", "subjects", "terms", "enrolments",
             "attendance-registers", "assessments", "marks", "grading-scales"}  # fmt: skip
    expected = {f"{name}.{form}" for name in names for form in ("csv", "jsonl")}
    assert expected <= set(export.namelist())
    assert {"media/open/logo.png", "media/people/letter.txt", "manifest.json"} <= set(export.namelist())


def test_a_row_reads_the_same_in_both_forms(export: zipfile.ZipFile) -> None:
    amani = next(row for row in table(export, "students") if row["first_name"] == "Amani")
    lines = [json.loads(line) for line in export.read("students.jsonl").splitlines()]
    same = next(row for row in lines if row["first_name"] == "Amani")
    assert (amani["admission_number"], amani["class.name"]) == ("A2302", "Grade 6 East")
    assert (same["admission_number"], same["class"]["name"]) == ("A2302", "Grade 6 East")
    assert json.loads(amani["guardians"])[0]["name"] == "Rose Barasa" == same["guardians"][0]["name"]
    mark = table(export, "marks")[0]
    assert (mark["student.name"], mark["score"], mark["grade"]) == ("Amani Barasa", "41.5", "EE")


def test_the_manifest_counts_what_is_there(export: zipfile.ZipFile) -> None:
    said = json.loads(export.read("manifest.json"))
    rows = {member["name"]: member["rows"] for member in said["members"]}
    assert rows["students.csv"] == rows["students.jsonl"] == 3 == len(table(export, "students"))
    assert (said["kind"], said["school"]["name"]) == ("export", "Mwangaza School")


def test_no_secret_and_nothing_of_another_school_leaves(export: zipfile.ZipFile, school: School) -> None:
    with context.in_school(school):
        hashes = [user.password for user in User.objects.all()]
    whole = b"".join(export.read(name) for name in export.namelist())
    assert not any(h.encode() in whole for h in hashes)
    assert b"Halima" not in whole and b"password" not in whole
