"""Everybody signs in on a phone and at a desk, and sees a page of their own."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.journey

Visit = Callable[..., Page]


@pytest.mark.parametrize("role", ["head", "registrar", "teacher", "bursar", "guardian", "student"])
def test_each_role_signs_in_and_finds_home(visit: Visit, role: str) -> None:
    page = visit("mwangaza", as_=role, size="phone" if role in {"teacher", "guardian", "student"} else "desk")
    assert page.locator("h1").count() == 1
    assert "Mwangaza" in page.content()
    assert "Baraka" not in page.content()


def test_a_wrong_password_says_what_to_do_and_keeps_the_name(visit: Visit, site: object) -> None:
    page = visit("mwangaza")
    page.goto(site.url("mwangaza", "/sign-in/"))  # type: ignore[attr-defined]
    page.fill("input[name=username]", "jane.njeri")
    page.fill("input[name=password]", "not this")
    page.click("main button[type=submit]")
    assert page.locator("input[name=username]").input_value() == "jane.njeri"
    assert "do not go together" in page.inner_text("main")


def test_signing_in_works_without_javascript(visit: Visit) -> None:
    page = visit("baraka", as_="head", javascript=False)
    assert "Baraka" in page.content()
