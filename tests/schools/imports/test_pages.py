"""The office brings a list in, page by page; nobody else does, and no school sees another's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schools.imports.models import Run
from schools.people.models import Student
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]
Jobs = Callable[[], list[str]]
ROLL = "Adm No,Name,Class,Phone\nA3001,Asha Noor,Grade 6 East,0722000111\nA3002,Tom Mboya,Grade 6 West,\n"


def send(client: Client, content: str | bytes = ROLL, name: str = "roll.csv", **more: str) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(
        "/imports/new/", {"file": SimpleUploadedFile(name, raw), "mode": "insert", "academics-school_class": "", **more}
    )


def only_run(cast: Cast) -> Run:
    with context.in_school(cast.mwangaza.school):
        return Run.objects.get()


def choose(client: Client, run: Run, mapping: dict[str, str], **more: str) -> Any:
    data = {f"column-{run.header.index(head)}": key for key, head in mapping.items()}
    return client.post(f"/imports/{run.pk}/columns/", {**data, "only-column": "", "only-value": "", **more})


BY_HEAD = {"admission_number": "Adm No", "full_name": "Name", "class": "Class", "guardian_phone": "Phone"}


def test_a_list_comes_in_is_found_again_in_the_history_and_goes_back_out(
    cast: Cast, browse: Browse, run_jobs: Jobs
) -> None:
    registrar = browse(cast.mwangaza.registrar)
    assert b"No list was brought in yet" in registrar.get("/imports/").content
    assert registrar.get("/imports/new/").status_code == 200
    answer = send(registrar)
    run = only_run(cast)
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{run.pk}/columns/")
    page = registrar.get(answer["Location"]).content.decode()
    assert '<option value="admission_number" selected>' in page
    assert '<option value="class" selected>' in page
    assert "Check 2 rows" in page
    answer = choose(registrar, run, {key: head for key, head in BY_HEAD.items() if key != "guardian_phone"})
    assert answer["Location"] == f"/imports/{run.pk}/"
    waiting = registrar.get(f"/imports/{run.pk}/").content.decode()
    assert "Checking the rows" in waiting
    assert f'hx-get="/imports/{run.pk}/"' in waiting
    assert run_jobs() == ["imports.check"]
    fragment = registrar.get(f"/imports/{run.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "hx-get" not in fragment
    assert "Bring in 2 students" in fragment
    assert registrar.post(f"/imports/{run.pk}/start/").status_code == 302
    assert run_jobs() == ["imports.carry_out"]
    result = registrar.get(f"/imports/{run.pk}/").content.decode()
    assert "The list is in" in result
    assert 'href="/students/"' in result
    assert "roll.csv" in registrar.get("/imports/").content.decode()
    with context.in_school(cast.mwangaza.school):
        assert Student.objects.filter(admission_number__startswith="A300").count() == 2
    registrar.post(f"/imports/{run.pk}/undo/")
    assert run_jobs() == ["imports.undo"]
    assert "Everything is as before" in registrar.get(f"/imports/{run.pk}/").content.decode()
    with context.in_school(cast.mwangaza.school):
        assert Student.objects.filter(admission_number__startswith="A300").count() == 0


def test_the_columns_of_a_known_head_are_matched_already(cast: Cast, browse: Browse, run_jobs: Jobs) -> None:
    registrar = browse(cast.mwangaza.registrar)
    odd = "Q1,Q2\nA3001,Asha Noor\n"
    send(registrar, odd)
    run = only_run(cast)
    assert b"Matched as the last time" not in registrar.get(f"/imports/{run.pk}/columns/").content
    choose(registrar, run, {"admission_number": "Q1", "full_name": "Q2"})
    run_jobs()
    answer = send(registrar, "q1 ,  Q2\nA3009,Someone Else\n")
    page = registrar.get(answer["Location"]).content.decode()
    assert "Matched as the last time" in page
    assert '<option value="admission_number" selected>' in page
    assert '<option value="full_name" selected>' in page


def test_a_refused_file_is_told_on_the_form_and_leaves_nothing(cast: Cast, browse: Browse) -> None:
    registrar = browse(cast.mwangaza.registrar)
    answer = send(registrar, b"", "roll.csv")
    assert answer.status_code == 400
    assert "The file is empty." in answer.content.decode()
    answer = registrar.post("/imports/new/", {"mode": "insert"})
    assert answer.status_code == 400
    with context.in_school(cast.mwangaza.school):
        assert Run.objects.count() == 0


def test_columns_that_do_not_fit_are_refused_in_sentences(cast: Cast, browse: Browse) -> None:
    registrar = browse(cast.mwangaza.registrar)
    send(registrar)
    run = only_run(cast)
    answer = choose(registrar, run, {"full_name": "Name"})
    assert answer.status_code == 400
    assert "Match a column with the admission number" in answer.content.decode()
    data = {"column-0": "full_name", "column-1": "full_name"}
    answer = registrar.post(f"/imports/{run.pk}/columns/", data)
    assert answer.status_code == 400
    assert "are both matched with Whole name" in answer.content.decode()
    answer = registrar.post(f"/imports/{run.pk}/columns/", {"column-0": "admission_number", "column-1": "nonsense"})
    assert answer.status_code == 400
    answer = choose(registrar, run, BY_HEAD, **{"only-column": "99"})
    assert answer.status_code == 400
    assert only_run(cast).state == "read"


def test_the_rows_to_correct_can_be_taken_home(cast: Cast, browse: Browse, run_jobs: Jobs) -> None:
    registrar = browse(cast.mwangaza.registrar)
    send(registrar, "Adm No,Name,Class\nA3001,Asha,Grade 9 North\nA3002,=1+1,\n")
    run = only_run(cast)
    choose(registrar, run, {"admission_number": "Adm No", "full_name": "Name", "class": "Class"})
    run_jobs()
    page = registrar.get(f"/imports/{run.pk}/").content.decode()
    assert "Nothing of this file can come in" in page
    assert "There is no class Grade 9 North this year." in page
    answer = registrar.get(f"/imports/{run.pk}/problems.csv")
    body = answer.content.decode("utf-8-sig")
    assert body == (
        "Row,Column,Value,What is wrong\r\n"
        "2,Class,Grade 9 North,There is no class Grade 9 North this year.\r\n"
        "3,Name,'=1+1,This cell holds a formula. Put its value in its place.\r\n"
    )


@pytest.mark.parametrize("role", ["teacher", "bursar", "guardian", "student"])
def test_only_the_office_imports(cast: Cast, browse: Browse, role: str) -> None:
    registrar = browse(cast.mwangaza.registrar)
    send(registrar)
    run = only_run(cast)
    other = browse(getattr(cast.mwangaza, role))
    for path in ("", "new/", "students.csv", f"{run.pk}/", f"{run.pk}/columns/", f"{run.pk}/problems.csv"):
        assert other.get(f"/imports/{path}").status_code == 403, path
    for act in ("start", "undo", "continue", "discard"):
        assert other.post(f"/imports/{run.pk}/{act}/").status_code == 403
    assert send(other).status_code == 403
    assert only_run(cast).state == "read"


def test_another_schools_import_is_not_there(cast: Cast, browse: Browse) -> None:
    send(browse(cast.mwangaza.registrar))
    run = only_run(cast)
    head = browse(cast.baraka.head)
    for path in ("", "columns/", "problems.csv"):
        assert head.get(f"/imports/{run.pk}/{path}").status_code == 404
    for act in ("start", "undo", "continue", "discard"):
        assert head.post(f"/imports/{run.pk}/{act}/").status_code == 404
    assert b"roll.csv" not in head.get("/imports/").content


def test_a_file_can_be_thrown_away_before_it_came_in(cast: Cast, browse: Browse) -> None:
    registrar = browse(cast.mwangaza.registrar)
    send(registrar)
    run = only_run(cast)
    assert registrar.post(f"/imports/{run.pk}/discard/")["Location"] == "/imports/"
    assert registrar.get(f"/imports/{run.pk}/").status_code == 404


def test_the_pages_are_in_kiswahili(cast: Cast, browse: Browse) -> None:
    registrar = browse(cast.mwangaza.registrar)
    registrar.cookies["language"] = "sw"
    with context.in_school(cast.mwangaza.school):
        cast.mwangaza.registrar.language = "sw"
        cast.mwangaza.registrar.save()
    assert "Leta orodha" in registrar.get("/imports/").content.decode()
