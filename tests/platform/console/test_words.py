"""The console and what is said of schools, in Kiswahili too."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast

CATALOGUES = ("platform/console", "tenants")


@pytest.mark.parametrize("room", CATALOGUES)
def test_no_sentence_lacks_its_kiswahili(room: str) -> None:
    text = (Path(settings.ROOT) / room / "locale/sw/LC_MESSAGES/django.po").read_text()
    said = [block for block in text.split("\n\n")[1:] if block.strip()]
    assert len(said) > 20
    unsaid = re.compile(r'^msgstr(\[\d\])? ""$(?!\n")', re.MULTILINE)
    assert [block for block in said if unsaid.search(block)] == []
    assert "fuzzy" not in text


def test_a_browser_that_prefers_kiswahili_is_spoken_to_in_it(cast: Cast) -> None:
    page = Client(HTTP_HOST=settings.PLATFORM_DOMAIN).get("/", headers={"Accept-Language": "sw"}).content.decode()
    assert "Tafuta shule yangu" in page and "Find my school" not in page


def test_an_operator_reads_the_list_in_kiswahili(console: Client) -> None:
    console.cookies[settings.LANGUAGE_COOKIE_NAME] = "sw"
    page = console.get("/console/").content.decode()
    assert "Shule 2" in page and "Iko wazi" in page
