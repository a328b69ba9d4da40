"""Two schools from nothing to their whole real roll, in the browser: asked for, opened, set up, filled, apart."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Avg, Sum
from playwright.sync_api import Page, expect

from deploy.local.process import wait_for
from schools.academics import queries as academics
from schools.academics.models import SchoolClass
from schools.assessment.models import GradingScale, Mark
from schools.attendance.models import BroughtForward
from schools.people.models import Student

pytestmark = pytest.mark.journey

DATA = Path(__file__).parents[1] / "data" / "student-performance"
PASSWORD = "daftari-na-kalamu-26"
BANDS = [("A", 16, 20), ("B", 14, 15), ("C", 12, 13), ("D", 10, 11), ("F", 0, 9)]
COURSES = {"Portuguese": ("student-por.csv", "POR", 649), "Mathematics": ("student-mat.csv", "MAT", 395)}
SCHOOLS = {
    "GP": ("gabriel-pereira", "Gabriel Pereira", "Ines Duarte",
           {"Portuguese": (423, 1783, "12.5768"), "Mathematics": (349, 2082, "10.4900")}),
    "MS": ("mousinho-da-silveira", "Mousinho da Silveira", "Rui Tavares",
           {"Portuguese": (226, 592, "10.6504"), "Mathematics": (46, 173, "9.8478")}),
}  # fmt: skip
Visit = Callable[..., Page]
Inside = Callable[[str], AbstractContextManager[Any]]


def test_two_schools_bring_in_their_real_rolls_with_absences_and_marks(visit: Visit, site: Any, inside: Inside) -> None:
    profiles: dict[str, str] = {}
    heads: dict[str, Page] = {}
    for letters, (slug, name, head, expected) in SCHOOLS.items():
        provision(visit("", as_="operator"), site, slug, name, head)
        heads[letters] = page = visit(slug)
        page.goto(invitation(site, slug))
        page.fill("input[name=password]", PASSWORD)
        page.fill("input[name=again]", PASSWORD)
        page.get_by_role("button", name="Set the password and sign in").click()
        page.wait_for_url(site.url(slug))
        define_the_scale(page, site, slug)
        with inside(slug):
            term = academics.current_term()
            assert term is not None
            day = term.starts_on.isoformat()
        for course, (file, code, rows) in COURSES.items():
            set_up(page, site, slug, course, day)
            bring_in(page, site, slug, course, letters, DATA / file, code, rows, expected[course][0])
        page.goto(site.url(slug, "/students/?q=POR-0424" if letters == "MS" else "/students/?q=POR-0001"))
        page.get_by_role("link", name="POR-0").first.click()
        page.wait_for_url("**/students/*-*/")
        profiles[letters] = page.url
    for letters, (slug, _name, _head, expected) in SCHOOLS.items():
        with inside(slug):
            the_totals_are_those_of_the_data(expected)
        other = "MS" if letters == "GP" else "GP"
        foreign = site.url(slug, "/students/" + profiles[other].partition("/students/")[2])
        answer = heads[letters].goto(foreign)
        assert answer is not None and answer.status == 404
        heads[letters].goto(site.url(slug, "/students/?q=MAT-0350" if letters == "GP" else "/students/?q=MAT-0349"))
        assert heads[letters].get_by_role("link", name="MAT-0").count() == 0, "a number of the other school"


def the_totals_are_those_of_the_data(expected: dict[str, tuple[int, int, str]]) -> None:
    assert Student.objects.count() == sum(students for students, _absences, _mean in expected.values())
    assert GradingScale.objects.get(is_default=True).maximum == 20
    for course, (students, absences, mean) in expected.items():
        school_class = SchoolClass.objects.get(name=course)
        totals = BroughtForward.objects.filter(student__enrolments__school_class=school_class)
        assert (totals.count(), totals.aggregate(n=Sum("absences"))["n"]) == (students, absences)
        marks = Mark.objects.filter(assessment__school_class=school_class)
        assert {name: marks.filter(assessment__name=name).count() for name in ("G1", "G2", "G3")} == dict.fromkeys(
            ("G1", "G2", "G3"), students
        )
        average = marks.filter(assessment__name="G3").aggregate(n=Avg("score"))["n"]
        assert average.quantize(Decimal("0.0001")) == Decimal(mean)


def provision(page: Page, site: Any, slug: str, name: str, head: str) -> None:
    page.goto(site.public("/console/schools/new/"))
    page.fill("input[name=name]", name)
    page.fill("input[name=slug]", slug)
    page.fill("input[name=head_name]", head)
    page.fill("input[name=head_email]", f"head@{slug}.example")
    page.get_by_role("button", name="Set up the school").click()
    expect(page.get_by_text("The school is open")).to_be_visible(timeout=30_000)


def invitation(site: Any, slug: str) -> str:
    """The link in the letter to the head."""
    found: list[str] = []

    def arrived() -> bool:
        for letter in site.mail.glob("*"):
            for part in letter.read_bytes().split(b"-" * 79):
                message = message_from_bytes(part.strip(), policy=policy.default)
                if f"head@{slug}.example" in str(message["To"]):
                    body = message.get_body(("plain",))
                    found.extend(re.findall(r"http://\S+/welcome/\S+", body.get_content() if body else ""))
        return bool(found)

    assert wait_for(arrived, 30, pause=0.2), "no letter came"
    return found[-1]


def define_the_scale(page: Page, site: Any, slug: str) -> None:
    page.goto(site.url(slug, "/marks/scales/new/"))
    page.fill("input[name=name]", "0-20")
    page.select_option("select[name=basis]", "points")
    page.fill("input[name=maximum]", "20")
    page.locator("input[name=is_default]").check()
    for place, (code, lower, points) in enumerate(BANDS):
        page.locator("input[name=band-code]").nth(place).fill(code)
        page.locator("input[name=band-name]").nth(place).fill(code)
        page.locator("input[name=band-lower]").nth(place).fill(str(lower))
        page.locator("input[name=band-points]").nth(place).fill(str(points))
    page.get_by_role("button", name="Save the scale").click()
    page.wait_for_url("**/marks/scales/")


def set_up(page: Page, site: Any, slug: str, course: str, day: str) -> None:
    """The class of a course, its subject, and the three assessments that its marks go to."""
    page.goto(site.url(slug, "/subjects/"))
    if not page.get_by_text(course, exact=True).count():
        page.goto(site.url(slug, "/subjects/add/"))
        page.fill("input[name=name]", course)
        page.fill("input[name=code]", course[:3].upper())
        page.fill("input[name=short_name]", course[:3].upper())
        page.locator("main form button.primary").click()
        page.wait_for_url("**/subjects/")
    page.goto(site.url(slug, "/classes/add/"))
    page.select_option("select[name=grade_level]", index=1)
    page.fill("input[name=new_stream]", course)
    page.fill("input[name=name]", course)
    page.locator("main form button.primary").click()
    page.wait_for_url(lambda address: "/classes/add/" not in address)
    for name in ("G1", "G2", "G3"):
        page.goto(site.url(slug, "/marks/new/"))
        if page.locator("form[method=get] select[name=class]").count():
            page.select_option("form[method=get] select[name=class]", label=course)
            page.locator("form[method=get] button").click()
        page.fill("input[name=name]", name)
        page.fill("input[name=date]", day)
        page.get_by_label("All subjects", exact=True).uncheck()
        assert page.locator("input[name=subject]:checked").count() == 0
        line = page.locator("li", has=page.locator("input[name=subject]")).filter(
            has=page.get_by_label(f"{course}, out of", exact=True)
        )
        line.locator("input[name=subject]").check()
        line.get_by_label(f"{course}, out of").fill("20")
        page.get_by_role("button", name=f"Set the sitting for {course}").click()
        page.wait_for_url(re.compile(r"/marks/[0-9a-f-]{36}/"))


def bring_in(
    page: Page, site: Any, slug: str, course: str, letters: str, file: Path, code: str, rows: int, students: int
) -> None:
    page.goto(site.url(slug, "/imports/new/"))
    page.set_input_files("input[type=file]", file)
    chosen = page.locator("select[name=academics-school_class] option", has_text=course).get_attribute("value")
    page.select_option("select[name=academics-school_class]", chosen)
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url("**/columns/")
    page.get_by_label("sex", exact=True).select_option("sex")
    page.get_by_label("absences", exact=True).select_option("absences")
    page.get_by_label("guardian", exact=True).select_option("")
    for name in ("G1", "G2", "G3"):
        assert page.get_by_label(name, exact=True).input_value().startswith("mark:"), "matched by its name"
    page.get_by_label("Only rows where").select_option(label="school")
    page.locator("input[name=only-value]").fill(letters)
    page.locator("input[name=people-pattern]").fill(f"{code}-{{row}}")
    page.locator("input[name=people-anonymous]").check()
    page.get_by_role("button", name=f"Check {rows} rows").click()
    start = page.get_by_role("button", name=f"Bring in {students} students")
    expect(start).to_be_visible(timeout=60_000)
    start.click()
    expect(page.get_by_text("The list is in")).to_be_visible(timeout=60_000)
