"""Every sentence of the look is said in Kiswahili too, and the compiled catalogue is the written one."""

import gettext
import re
from pathlib import Path

from django.utils import translation

import web
from web import words

CATALOGUE = Path(web.__file__).parent / "locale" / "sw" / "LC_MESSAGES"
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")


def written() -> list[tuple[str, list[str]]]:
    """Each English sentence of the catalogue with its Kiswahili forms."""
    text = (CATALOGUE / "django.po").read_text()
    assert "fuzzy" not in text
    blocks = [block for block in text.split("\n\n")[1:] if "msgid" in block]
    return [
        (re.search(r'^msgid "(.*)"', block, re.M)[1], re.findall(r'^msgstr(?:\[\d\])? "(.*)"', block, re.M))  # type: ignore[index]
        for block in blocks
    ]


def test_no_sentence_is_left_in_english_only() -> None:
    assert [english for english, forms in written() if not all(forms)] == []


def test_the_places_for_names_and_numbers_are_kept() -> None:
    for english, forms in written():
        for form in forms:
            assert sorted(PLACES.findall(form)) == sorted(PLACES.findall(english)), english


def test_the_compiled_catalogue_says_what_the_written_one_does() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for english, forms in written():
        plain = english.replace('\\"', '"')
        if len(forms) == 1:
            assert compiled.gettext(plain) == forms[0].replace('\\"', '"')


def test_scripts_speak_the_readers_language() -> None:
    with translation.override("sw"):
        assert words.for_scripts()["saved"] == "Imefika shuleni"
        assert words.for_scripts()["presentLeft"] == "Weka {n} wamefika"
    with translation.override("en"):
        assert words.for_scripts()["saved"] == "Sent to the school"
