"""The look in a real browser: every component without a fault, and what opens, moves and switches does."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.journey

Visit = Callable[..., Page]
Accessible = Callable[[Page], list[str]]


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [("phone", "light", "en"), ("phone", "dark", "sw"), ("desk", "dark", "en"), ("desk", "light", "sw")],
)
def test_every_component_is_accessible(
    visit: Visit, site: Any, accessible: Accessible, size: str, theme: str, language: str
) -> None:
    page = visit("mwangaza", size=size, theme=theme, language=language)
    page.goto(site.url("mwangaza", "/ui/"))
    assert accessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("innerWidth")


def test_what_opens_over_a_page_is_accessible_and_closes_with_escape(
    visit: Visit, site: Any, accessible: Accessible
) -> None:
    page = visit("mwangaza", as_="head")
    page.click("button[popovertarget=more]")
    assert page.locator("#more").is_visible()
    assert accessible(page) == []
    page.keyboard.press("Escape")
    assert page.locator("#more").is_hidden()
    page.goto(site.url("mwangaza", "/ui/"))
    opener = page.locator(".pane[data-theme=light] .c-menu button[popovertarget]").first
    opener.click()
    menu = page.locator(".menu:popover-open")
    assert menu.bounding_box()["y"] >= opener.bounding_box()["y"]  # type: ignore[index]
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Receive payment"
    page.keyboard.press("Escape")
    assert menu.count() == 0


def test_dark_is_chosen_at_once_and_stays(visit: Visit, site: Any) -> None:
    page = visit("mwangaza")
    page.goto(site.url("mwangaza", "/ui/"))
    with page.expect_response("**/theme/"):
        page.click("button[name=theme][value=dark]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_theme_and_language_switch_without_javascript(visit: Visit, site: Any) -> None:
    page = visit("mwangaza", javascript=False)
    page.goto(site.url("mwangaza", "/ui/"))
    page.click("button[name=theme][value=dark]")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.click("button[name=language][value=sw]")
    assert page.locator("html").get_attribute("lang") == "sw"


def test_the_bar_of_actions_counts_the_chosen_rows(visit: Visit, site: Any) -> None:
    page = visit("mwangaza")
    page.goto(site.url("mwangaza", "/ui/"))
    table = page.locator(".pane[data-theme=light] form[data-module=bulk]")
    table.locator("[data-bulk-all]").click()
    assert table.locator("[data-bulk-count]").inner_text() == "3 chosen"
    table.locator("tbody .tick").first.click()
    assert table.locator("[data-bulk-count]").inner_text() == "2 chosen"
    page.keyboard.press("Escape")
    assert table.locator("[data-bulk]").is_hidden()


def test_a_mark_over_the_limit_is_kept_and_told(visit: Visit, site: Any) -> None:
    page = visit("mwangaza")
    page.goto(site.url("mwangaza", "/ui/"))
    cell = page.locator(".pane[data-theme=light] .entry input").first
    cell.fill("62")
    assert page.locator(".tip").inner_text() == "62 is more than 50. Type 0 to 50, or AB for absent."
    assert cell.input_value() == "62"
    cell.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Here, MAT 1"


def test_a_mark_typed_before_the_script_came_is_told_all_the_same(visit: Visit, site: Any) -> None:
    page = visit("mwangaza")
    held: list[Any] = []
    page.route("**/modules/marks*.js", lambda route: held.append(route))
    with page.expect_request("**/modules/marks*.js"):
        page.goto(site.url("mwangaza", "/ui/"), wait_until="domcontentloaded")
    page.locator(".pane[data-theme=light] .entry input").first.fill("62")
    held.pop().continue_()
    assert page.locator(".tip").inner_text() == "62 is more than 50. Type 0 to 50, or AB for absent."


def test_the_bar_above_the_grid_says_whose_mark_the_cell_holds(visit: Visit, site: Any) -> None:
    page = visit("mwangaza")
    page.goto(site.url("mwangaza", "/ui/"))
    grid = page.locator(".pane[data-theme=light] .frame:has(.entry)").first
    bar = grid.locator("[data-at]")
    assert bar.inner_text() == "Choose a mark to see whose it is."
    grid.locator(".entry input").first.click()
    assert bar.inner_text().split("\n") == ["Saved · MAT 1", "41 of 50 = 82 %", "EE2"]
    page.keyboard.type("62")
    assert bar.locator("[data-at-level]").is_hidden(), "a mark over the limit has no level"
