"""The registrar brings a real roll in through the browser, sees it, and takes it back out."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

DATA = Path(__file__).parents[1] / "data" / "student-performance"
Visit = Callable[..., Page]
Accessible = Callable[[Page], list[str]]


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, when a folder for it is named."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def to_columns(page: Page, site: Any, file: Path) -> None:
    page.goto(site.url("mwangaza", "/imports/new/"))
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url("**/columns/")


def match(page: Page, school: str, pattern: str) -> None:
    page.get_by_label("sex", exact=True).select_option("sex")
    page.get_by_label("absences", exact=True).select_option("absences")
    page.get_by_label("Only rows where").select_option(label="school")
    page.locator("input[name=only-value]").fill(school)
    page.locator("input[name=people-pattern]").fill(pattern)
    page.locator("input[name=people-anonymous]").check()


def test_a_real_roll_comes_in_with_progress_and_goes_back_out(visit: Visit, site: Any, accessible: Accessible) -> None:
    page = visit("mwangaza", as_="registrar")
    page.goto(site.url("mwangaza", "/imports/"))
    picture(page, "history-desk")
    assert accessible(page) == []
    page.goto(site.url("mwangaza", "/imports/new/"))
    picture(page, "new-desk")
    assert accessible(page) == []
    to_columns(page, site, DATA / "student-mat.csv")
    match(page, "MS", "MAT-{row}")
    picture(page, "columns-desk")
    assert accessible(page) == []
    page.get_by_role("button", name="Check 395 rows").click()
    start = page.get_by_role("button", name="Bring in 46 students")
    expect(start).to_be_visible(timeout=30_000)
    picture(page, "check-desk")
    assert accessible(page) == []
    start.click()
    expect(page.get_by_text("The list is in")).to_be_visible(timeout=30_000)
    picture(page, "result-desk")
    assert accessible(page) == []
    page.get_by_role("link", name="See the students").click()
    page.goto(site.url("mwangaza", "/students/?q=MAT-0395"))
    expect(page.get_by_role("link", name="MAT-0395").first).to_be_visible()
    page.goto(site.url("mwangaza", "/imports/"))
    page.get_by_role("link", name="student-mat.csv").first.click()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Everything is as before the import")).to_be_visible(timeout=30_000)


def test_on_a_phone_and_without_javascript_each_wrong_row_is_named(visit: Visit, site: Any, tmp_path: Path) -> None:
    file = tmp_path / "roll.csv"
    file.write_text("Adm No,Name,Sex,Class\nZ1,Asha Noor,F,Grade 6 East\nZ2,Tom,Q,Grade 99\n")
    page = visit("mwangaza", as_="registrar", size="phone", javascript=False)
    to_columns(page, site, file)
    picture(page, "columns-phone")
    assert page.get_by_label("Adm No", exact=True).input_value() == "admission_number"
    page.get_by_role("button", name="Check 2 rows").click()
    for _ in range(60):
        if page.get_by_role("button", name="Bring in 1 student").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    picture(page, "check-phone")
    assert "Q is not known here. Write F or M." in page.inner_text("main")
    page.get_by_role("button", name="Throw the file away").click()
    picture(page, "history-phone")


def test_a_file_that_cannot_be_read_is_told_on_the_form(
    visit: Visit, site: Any, accessible: Accessible, tmp_path: Path
) -> None:
    file = tmp_path / "roll.xlsx"
    file.write_bytes(b"PK\x03\x04 cut off")
    page = visit("mwangaza", as_="head", size="phone")
    page.goto(site.url("mwangaza", "/imports/new/"))
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("The workbook is damaged or cut off.").first).to_be_visible()
    picture(page, "refused-phone")
    assert accessible(page) == []
    assert fits(page)
