"""A text takes the parts that the provider bills, and says what its fields are."""

import pytest

from schools.messaging import texts


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 152 + "€" + "b" * 151, "GSM-7", 305, 2),
        ("a" * 152 + "€" + "b" * 152, "GSM-7", 306, 3),  # the euro is not cut in two: part one ends early
        ("é" * 160, "GSM-7", 160, 1),
        ("’", "UCS-2", 1, 1),
        ("ũ" * 70, "UCS-2", 70, 1),
        ("ũ" * 71, "UCS-2", 71, 2),
        ("ũ" * 134, "UCS-2", 134, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("a" * 66 + "😀" + "a" * 66, "UCS-2", 134, 3),
        ("Habari\nza asubuhi", "GSM-7", 17, 1),
    ],
)
def test_parts_are_those_of_the_standard(text: str, alphabet: str, units: int, parts: int) -> None:
    size = texts.size(text)
    assert (size.alphabet, size.units, size.parts) == (alphabet, units, parts)


def test_fields_and_plurals_are_filled_in() -> None:
    text = "{children} {was|were} absent on {date}. {school}"
    values = {"children": "Amani", "date": "16 June", "school": "Mwangaza School"}
    assert texts.fill(text, values) == "Amani was absent on 16 June. Mwangaza School"
    both = {**values, "children": texts.listed(["Amani", "Zawadi"], "en")}
    assert texts.fill(text, both, children=2) == "Amani and Zawadi were absent on 16 June. Mwangaza School"
    assert texts.listed(["Amani", "Brian", "Zawadi"], "sw") == "Amani, Brian na Zawadi"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {name}", []),
        ("{is|are}", []),
        ("Hello {nmae}", ["{nmae} is not a field."]),
        ("Hello {name", ["A brace is open"]),
        ("{a|b|c}", ["{a|b|c} is not a field."]),
    ],
)
def test_a_wrong_field_is_named(text: str, said: list[str]) -> None:
    found = texts.problems(text)
    assert len(found) == len(said) and all(one.startswith(start) for one, start in zip(found, said, strict=True))
