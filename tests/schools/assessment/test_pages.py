"""Sittings, the marks grid and results in a browser, with script and without."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from schools.academics.models import Enrolment, Subject
from schools.assessment import forms, grading, services
from schools.assessment.models import Assessment, GradingScale, Mark
from schools.people.models import Student
from tenants import context
from tests.cast import TODAY, Cast, Company

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 16, 7, 0, tzinfo=UTC)
Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def _tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Tuesday 16 June 2026, 10:00 in Nairobi."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def setting(company: Company, **more: Any) -> Assessment:
    facts: dict[str, Any] = {
        "school_class": company.east, "subject": company.maths, "term": company.term, "name": "Mid-term",
        "kind": "mid_term", "maximum": 50, "date": TODAY, "scale": company.scale, "by": company.teacher, "at": NOW,
    }  # fmt: skip
    with context.in_school(company.school):
        return services.create_assessment(**{**facts, **more})


def grid(paper: Assessment) -> str:
    return f"/marks/{paper.school_class_id}/{paper.pk}/"


def key(paper: Assessment, student: Student) -> str:
    return forms.key_of(paper.pk, student.pk)


def held(company: Company) -> dict[str, str]:
    with context.in_school(company.school):
        return {
            m.student.first_name: "AB" if m.score is None else grading.plain(m.score)
            for m in Mark.objects.select_related("student")
        }


def send(browser: Client, *cells: dict[str, Any]) -> list[dict[str, Any]]:
    answer = browser.post("/marks/cells/", {"marks": list(cells)}, content_type="application/json")
    assert answer.status_code == 200
    return answer.json()["results"]  # type: ignore[no-any-return]


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(seen[^"]+)" value="([^"]*)"', page))


def test_the_grid_saves_every_changed_cell_without_script(cast: Cast, browse: Browse) -> None:
    school, browser = cast.mwangaza, browse(cast.mwangaza.teacher)
    paper = setting(school)
    posted = {key(paper, school.amani): "41,5", key(paper, school.brian): "ab"}
    answer = browser.post(grid(paper), posted)
    assert (answer.status_code, answer["Location"]) == (302, grid(paper))
    assert held(school) == {"Amani": "41.5", "Brian": "AB"}
    page = browser.get(grid(paper)).content.decode()
    assert "2 of 2 entered" in page
    assert '<span class="EE">EE</span>' in page
    again = {**posted, **hidden(page), key(paper, school.brian): ""}
    assert browser.post(grid(paper), again).status_code == 302
    assert held(school) == {"Amani": "41.5"}


def test_a_wrong_cell_is_shown_with_its_sentence_and_nothing_is_saved(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    paper = setting(school)
    answer = browse(school.teacher).post(grid(paper), {key(paper, school.amani): "62", key(paper, school.brian): "40"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "62 is more than 50. Type 0 to 50, or AB for absent." in page
    assert 'value="62"' in page
    assert 'value="40"' in page
    assert held(school) == {}


def test_two_subjects_are_saved_together_or_not_at_all(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    with context.in_school(school.school):
        art = Subject.objects.create(name="Art of the cast", code="CAST-ART", short_name="ART")
    paper, other = setting(school), setting(school, subject=art)
    browser = browse(school.head)
    assert (
        browser.post(grid(paper), {key(paper, school.amani): "40", key(other, school.amani): "51"}).status_code == 400
    )
    assert held(school) == {}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    paper = setting(school)
    browse(school.teacher).post(grid(paper), {key(paper, school.amani): "20", key(paper, school.brian): "30"})
    read = hidden(browse(school.teacher).get(grid(paper)).content.decode())
    browse(school.head).post(grid(paper), {**read, key(paper, school.amani): "25", key(paper, school.brian): "30"})
    untouched = browse(school.teacher).post(
        grid(paper), {**read, key(paper, school.amani): "20", key(paper, school.brian): "31"}
    )
    assert untouched.status_code == 302
    assert held(school) == {"Amani": "25", "Brian": "31"}
    refused = browse(school.teacher).post(grid(paper), {**read, key(paper, school.amani): "22"})
    assert refused.status_code == 409
    assert "Jane Njeri entered 25" in refused.content.decode()
    assert held(school) == {"Amani": "25", "Brian": "31"}


def test_each_cell_is_answered_for_itself(cast: Cast, browse: Browse) -> None:
    school, browser = cast.mwangaza, browse(cast.mwangaza.teacher)
    paper = setting(school)
    amani, brian = key(paper, school.amani), key(paper, school.brian)
    results = send(browser, {"id": amani, "value": "41", "seen": ""}, {"id": brian, "value": "62", "seen": ""})
    version = results[0].pop("seen")
    assert results == [
        {"id": amani, "ok": True, "level": "EE", "band": "EE"},
        {"id": brian, "ok": False, "message": "62 is more than 50. Type 0 to 50, or AB for absent."},
    ]
    assert held(school) == {"Amani": "41"}
    assert send(browser, {"id": amani, "value": "40", "seen": version})[0]["ok"] is True
    stale = send(browser, {"id": amani, "value": "39", "seen": version})[0]
    assert (stale["ok"], "Wanjiru Kamau entered 40" in stale["message"]) == (False, True)
    assert held(school) == {"Amani": "40"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b'{"marks": 3}', b'{"marks": [3]}', b'{"marks": {"id": 1}}', b"\xff\xfe",
        b"[" * 5000,
    ],
)  # fmt: skip
def test_a_body_that_is_not_the_grids_is_refused(cast: Cast, browse: Browse, body: bytes) -> None:
    answer = browse(cast.mwangaza.teacher).generic("POST", "/marks/cells/", body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "value", ["-1", "NaN", "Infinity", "1e9", "1" * 400, "\0", "<b>", "41.125", "٤", 10**30, [1], {"a": 1}, True]
)
def test_bad_values_are_refused_in_words(cast: Cast, browse: Browse, value: Any) -> None:
    school = cast.mwangaza
    paper = setting(school)
    result = send(browse(school.teacher), {"id": key(paper, school.amani), "value": value, "seen": ""})[0]
    assert result["ok"] is False
    assert result["message"]
    assert held(school) == {}
    plain = browse(school.teacher).post(grid(paper), {key(paper, school.amani): str(value)})
    assert plain.status_code == 400
    assert held(school) == {}


def test_foreign_cells_are_refused(cast: Cast, browse: Browse) -> None:
    school, browser = cast.mwangaza, browse(cast.mwangaza.teacher)
    paper, west = setting(school), setting(school, school_class=school.west)
    theirs = setting(cast.baraka)
    cells = [
        key(paper, school.zawadi), key(west, school.zawadi), key(theirs, cast.baraka.amani),
        forms.key_of(paper.pk, uuid.uuid4()), forms.key_of(uuid.uuid4(), school.amani.pk), "nonsense", "c.1.2", "",
    ]  # fmt: skip
    results = send(browser, *({"id": cell, "value": "30", "seen": ""} for cell in cells))
    assert [result["ok"] for result in results] == [False] * len(cells)
    assert browser.post(grid(paper), {key(west, school.zawadi): "30"}).status_code == 403
    for path in (grid(west), grid(theirs), f"/marks/{school.east.pk}/{uuid.uuid4()}/"):
        assert browser.get(path).status_code == 404
    assert (held(school), held(cast.baraka)) == ({}, {})


@pytest.mark.parametrize(
    ("role", "status"),
    [("head", 200), ("registrar", 200), ("teacher", 200), ("bursar", 403), ("guardian", 403), ("student", 403)],
)
def test_who_opens_the_marks_of_a_class(cast: Cast, browse: Browse, role: str, status: int) -> None:
    paper = setting(cast.mwangaza)
    browser = browse(cast.mwangaza.roles[role])
    assert [browser.get(path).status_code for path in ("/marks/", grid(paper), "/marks/new/")] == [status] * 3


def test_from_entry_to_the_family(cast: Cast, browse: Browse) -> None:
    school = cast.mwangaza
    paper = setting(school)
    act = f"{grid(paper)}act/"
    teacher, head = browse(school.teacher), browse(school.head)
    teacher.post(grid(paper), {key(paper, school.amani): "41", key(paper, school.brian): "12"})

    def family() -> list[bool]:
        address = f"/marks/results/?child={school.amani.pk}"
        pages = [browse(user).get(address).content.decode() for user in (school.guardian, school.student)]
        return ["Mid-term" in page and "82 %" in page for page in pages]

    assert "Hand in Mathematics" in teacher.get(grid(paper)).content.decode()
    assert head.post(act, {"act": "publish"}).status_code == 302
    assert family() == [False, False]
    assert teacher.post(act, {"act": "close", "assessment": str(paper.pk)}).status_code == 302
    assert teacher.post(grid(paper), {key(paper, school.amani): "42"}).status_code == 409
    assert teacher.post(act, {"act": "publish"}).status_code == 403
    assert teacher.post(act, {"act": "reopen"}).status_code == 403
    assert family() == [False, False]
    assert "Publish 1 subject" in head.get(grid(paper)).content.decode()
    head.post(act, {"act": "publish"})
    assert family() == [True, True]
    home = browse(school.guardian).get(f"/?child={school.amani.pk}").content.decode()
    assert "Amani: Mid-term" in home
    profile = head.get(f"/students/{school.amani.pk}/marks/").content.decode()
    assert "82 %" in profile
    head.post(act, {"act": "reopen", "assessment": str(paper.pk)})
    assert family() == [False, False]


@pytest.mark.parametrize("wrong", [{}, {"act": "explode"}, {"act": "close", "assessment": "x"}, {"act": "\0"}])
def test_an_unknown_act_is_404(cast: Cast, browse: Browse, wrong: dict[str, str]) -> None:
    paper = setting(cast.mwangaza)
    assert browse(cast.mwangaza.head).post(f"{grid(paper)}act/", wrong).status_code == 404


def test_a_sitting_is_set_from_the_page(cast: Cast, browse: Browse) -> None:
    school, browser = cast.mwangaza, browse(cast.mwangaza.teacher)
    shown = browser.get(f"/marks/new/?class={school.east.pk}").content.decode()
    assert f'name="max-{school.maths.pk}"' in shown
    with context.in_school(school.school):
        scale = str(GradingScale.objects.get(name="CBE 8 levels").pk)
    posted = {
        "class": str(school.east.pk), "name": "Opening exam", "kind": "opener", "date": "2026-06-16", "scale": scale,
        "subject": str(school.maths.pk), f"max-{school.maths.pk}": "50", "closes_at_0": "2026-06-19",
        "closes_at_1": "17:00",
    }  # fmt: skip
    answer = browser.post("/marks/new/", posted)
    with context.in_school(school.school):
        made = Assessment.objects.get()
        assert (made.name, made.maximum, made.date) == ("Opening exam", 50, date(2026, 6, 16))
        assert made.closes_at == datetime(2026, 6, 19, 14, 0, tzinfo=UTC)
    assert (answer.status_code, answer["Location"]) == (302, grid(made))
    for change in (
        {"date": "2026-12-01"}, {"date": "soon"}, {"name": ""}, {"name": "x" * 400}, {f"max-{school.maths.pk}": "NaN"},
        {f"max-{school.maths.pk}": "-3"}, {"subject": ""}, {"subject": str(uuid.uuid4())}, {"scale": "x"},
        {"kind": "y"}, {"class": str(school.west.pk)}, {"class": "\0"}, {},
    ):  # fmt: skip
        assert browser.post("/marks/new/", {**posted, **change}).status_code == 400
    with context.in_school(school.school):
        assert Assessment.objects.count() == 1


def test_a_scale_is_added_and_changed_from_the_page(cast: Cast, browse: Browse) -> None:
    school, browser = cast.mwangaza, browse(cast.mwangaza.head)
    posted: dict[str, Any] = {
        "name": "Portuguese", "basis": "points", "maximum": "20", "decimals": "0", "band-code": ["Pass", "Fail", ""],
        "band-name": ["Passed", "Not passed", ""], "band-lower": ["10", "0", ""], "band-points": ["", "", ""],
    }  # fmt: skip
    assert browser.post("/marks/scales/new/", posted).status_code == 302
    with context.in_school(school.school):
        scale = GradingScale.objects.get(name="Portuguese")
    assert "Pass" in browser.get("/marks/scales/").content.decode()
    changed = {**posted, "name": "Old scale", "band-lower": ["9", "0", ""]}
    assert browser.post(f"/marks/scales/{scale.pk}/", changed).status_code == 302
    refused = browser.post(f"/marks/scales/{scale.pk}/", {**changed, "band-lower": ["9", "1", ""]})
    assert (refused.status_code, "begin at 0" in refused.content.decode()) == (400, True)
    with context.in_school(school.school):
        assert [str(band.lower) for band in scale.bands.order_by("-lower")] == ["9.00", "0.00"]
    assert browse(school.teacher).get("/marks/scales/").status_code == 403


@pytest.mark.parametrize("path", ["grid", "sittings", "home", "save"])
def test_the_number_of_queries_does_not_grow_with_the_class(cast: Cast, browse: Browse, path: str) -> None:
    school = cast.mwangaza
    paper = setting(school)
    browser = browse(school.head if path == "sittings" else school.teacher)

    def learners() -> list[Student]:
        with context.in_school(school.school):
            return list(Student.objects.filter(enrolments__school_class=school.east))

    def ask() -> int:
        with context.in_school(school.school):
            Mark.objects.all().delete()
        posted = {key(paper, student): "30" for student in learners()}
        if path != "save":
            browser.post(grid(paper), posted)
        with CaptureQueriesContext(connection) as queries:
            if path == "save":
                browser.post(grid(paper), posted)
            else:
                browser.get({"grid": grid(paper), "home": "/"}.get(path, "/marks/"))
        return len(queries)

    ask()
    few = ask()
    with context.in_school(school.school):
        for n in range(20):
            student = Student.objects.create(first_name=f"Learner{n}", admission_number=f"X{n}")
            Enrolment.objects.create(student=student, school_class=school.east, starts_on=date(2026, 1, 5))
    assert ask() == few
