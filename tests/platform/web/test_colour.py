"""A school's colour is legible on both grounds, or refused with the reason."""

import pytest
from django.core.exceptions import ValidationError

from web import colour


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
    ],
)
def test_contrast_is_the_ratio_that_wcag_defines(one: str, other: str, ratio: float) -> None:
    assert round(colour.contrast(one, other), 2) == ratio
    assert colour.contrast(one, other) == colour.contrast(other, one)


@pytest.mark.parametrize(
    ("typed", "kept"), [("#7A2330", "#7a2330"), (" 7a2330 ", "#7a2330"), ("#abc", "#aabbcc"), ("124", "#112244")]
)
def test_a_colour_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert colour.parse(typed) == kept


@pytest.mark.parametrize("typed", ["", "red", "#12345", "#12345g", "#7a2330; x", "javascript:", "#١٢٣٤٥٦"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        colour.check_accent(typed)
    assert refused.value.messages == ["Type a colour as # and six digits, for example #7a2330."]


def test_a_colour_too_light_for_paper_is_refused_with_its_contrast() -> None:
    with pytest.raises(ValidationError) as refused:
        colour.check_accent("#ffd400")
    assert refused.value.messages == [
        "#ffd400 is too light for white paper: 1.3 to 1, and 3 to 1 is needed. Choose a darker shade."
    ]


@pytest.mark.parametrize("accent", ["#7a2330", "#0b6e4f", "#1f3a93", "#000000", "#5b2c83", "#b3261e", "#8a5300"])
def test_a_kept_colour_and_its_dark_sister_are_seen_on_both_grounds(accent: str) -> None:
    kept = colour.check_accent(accent)
    assert kept == accent
    assert colour.least_contrast(kept, colour.LIGHT_GROUNDS) >= 3
    assert colour.least_contrast(colour.on_dark(kept), colour.DARK_GROUNDS) >= 3


def test_a_colour_that_is_seen_on_the_dark_ground_is_left_as_it_is() -> None:
    assert colour.on_dark("#8dbdf5") == "#8dbdf5"
