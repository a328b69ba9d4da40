"""Every page that a role is offered: nothing that axe-core finds, nothing wider than the screen, in each language."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.journey

Visit = Callable[..., Page]
Accessible = Callable[[Page], list[str]]

PAGES = {
    "head": ["/", "/students/", "/classes/", "/attendance/", "/marks/", "/guardians/", "/staff/", "/settings/",
             "/settings/look/", "/settings/terms/", "/settings/access/", "/settings/data/", "/settings/audit/",
             "/account/"],
    "registrar": ["/", "/students/admit/", "/imports/", "/imports/new/", "/subjects/", "/teaching-groups/"],
    "teacher": ["/", "/attendance/", "/marks/", "/students/", "/marks/results/"],
    "bursar": ["/", "/students/"],
    "guardian": ["/", "/marks/results/"],
    "student": ["/", "/marks/results/"],
}  # fmt: skip
WAYS = [("phone", "light", "en"), ("desk", "dark", "sw")]
if os.environ.get("JOURNEYS") == "all":
    WAYS += [("desk", "light", "en"), ("phone", "dark", "en"), ("desk", "light", "sw"), ("phone", "dark", "sw")]


@pytest.mark.parametrize(("size", "theme", "language"), WAYS, ids=["-".join(way) for way in WAYS])
@pytest.mark.parametrize("role", PAGES)
def test_every_page_of_a_role_is_accessible_and_fits(
    visit: Visit, site: Any, accessible: Accessible, role: str, size: str, theme: str, language: str
) -> None:
    page = visit("mwangaza", as_=role, size=size, theme=theme, language=language)
    if language == "sw":
        page.context.add_cookies([{"name": "django_language", "value": "sw", "url": site.url("mwangaza")}])
    wrong: list[str] = []
    for path in PAGES[role]:
        answer = page.goto(site.url("mwangaza", path))
        assert answer is not None and answer.status == 200, path
        assert page.locator("html").get_attribute("lang") == language
        wrong += accessible(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{path} is wider than the screen")
    assert wrong == []


def test_a_student_and_a_class_are_accessible(visit: Visit, site: Any, accessible: Accessible) -> None:
    page = visit("mwangaza", as_="head")
    page.goto(site.url("mwangaza", "/students/?q=A2302"))
    page.get_by_role("link", name="Amani Barasa").first.click()
    page.wait_for_url("**/students/*-*/")
    assert accessible(page) == []
    for tab in page.locator("nav.tabs a, .tabs a").all():
        address = tab.get_attribute("href")
        assert address is not None
    page.goto(site.url("mwangaza", "/classes/"))
    page.get_by_role("link", name="Grade 6 East").first.click()
    page.wait_for_load_state()
    assert accessible(page) == []
