"""Names and numbers come to one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import text


@pytest.mark.parametrize(
    ("typed", "form"),
    [("Wanjikũ  O'Brien", "wanjiku o brien"), ("  ", ""), ("ÉLODIE", "elodie"), ("Ng'ang'a", "ng ang a")],
)
def test_a_name_is_searched_without_accents_marks_and_case(typed: str, form: str) -> None:
    assert text.search_form(typed) == form


@pytest.mark.parametrize("typed", ["0722 418 093", "722418093", "254722418093", "+254 722-418-093", "00254722418093"])
def test_one_phone_has_one_form(typed: str) -> None:
    assert text.phone(typed) == "+254722418093"


@pytest.mark.parametrize("typed", ["", "12", "call me", "+2547224180931234567", "٠٧٢٢٤١٨٠٩٣"])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a phone"):
        text.phone(typed)


def test_an_identifier_is_compared_without_case_spaces_and_marks() -> None:
    assert text.match_form(" a-2302 ") == text.match_form("A 2302") == "A2302"


@given(st.text())
def test_the_search_form_of_a_search_form_is_itself(value: str) -> None:
    assert text.search_form(text.search_form(value)) == text.search_form(value)
